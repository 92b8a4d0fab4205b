//! Domains of providers that people point their records to.

use crate::name::Name;

/// Domains below which providers of mail, web hosting and the like have hosts for their customers, sorted.
const DOMAINS: &[&str] = &[
    "amazonaws.com",
    "amazonses.com",
    "azureedge.net",
    "azurefd.net",
    "azurewebsites.net",
    "cloudapp.net",
    "cloudflare.net",
    "cloudfront.net",
    "emailsrvr.com",
    "fastly.net",
    "fastmail.com",
    "firebaseapp.com",
    "forwardemail.net",
    "github.io",
    "gitlab.io",
    "google.com",
    "googlehosted.com",
    "googlemail.com",
    "herokuapp.com",
    "herokudns.com",
    "hostedemail.com",
    "hubspotemail.net",
    "icloud.com",
    "improvmx.com",
    "lync.com",
    "mailbox.org",
    "mailchimpapp.net",
    "mailgun.org",
    "mailjet.com",
    "mandrillapp.com",
    "mcsv.net",
    "messagelabs.com",
    "messagingengine.com",
    "migadu.com",
    "mimecast.com",
    "mtasv.net",
    "netlify.app",
    "onmicrosoft.com",
    "outlook.com",
    "ovh.net",
    "pages.dev",
    "postmarkapp.com",
    "pphosted.com",
    "privateemail.com",
    "proton.ch",
    "protonmail.ch",
    "registrar-servers.com",
    "secureserver.net",
    "sendgrid.net",
    "sendinblue.com",
    "sparkpostmail.com",
    "tutanota.de",
    "vercel-dns.com",
    "workers.dev",
    "yahoodns.net",
    "yandex.net",
    "zendesk.com",
    "zoho.com",
    "zoho.eu",
];

/// Whether a name lies below the domain of a provider, or is one.
pub(super) fn is_provider(name: &Name) -> bool {
    let labels: Vec<String> = name
        .labels()
        .flatten()
        .map(|label| String::from_utf8_lossy(label).to_ascii_lowercase())
        .collect();
    (0..labels.len()).any(|from| DOMAINS.binary_search(&labels[from..].join(".").as_str()).is_ok())
}

#[cfg(test)]
mod tests {
    #[test]
    fn domains_are_sorted() {
        assert!(super::DOMAINS.is_sorted());
    }
}
