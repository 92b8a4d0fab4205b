//! Whether a number can be the modulus of an RSA key: the product of two large primes that are not close to one another.
//!
//! One mistyped character leaves base64 and DER right and makes the modulus another number, by far the most of which have a
//! small prime factor.

use std::{cell::RefCell, collections::HashMap, sync::LazyLock};

use num_bigint::BigUint;

/// What is wrong with a modulus.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fault {
    /// It is 0 or below.
    NotPositive,
    /// It is divisible by this prime, which is below 65536.
    Divisible(u32),
    /// It is the product of two numbers so close to one another that Fermat's method finds them.
    Close,
}

/// The moduli that were judged: a zone has the same key at many names, and to judge it takes time.
#[derive(Default, Debug)]
pub struct Judged(RefCell<HashMap<Box<[u8]>, Option<Fault>>>);

/// Primes from here on are not looked for.
const PRIME_LIMIT: usize = 65_536;
/// How many steps of Fermat's method are made.
const STEPS: u32 = 100;
/// Longer moduli are not judged, in octets: no verifier takes them, and it would take long.
const LONGEST: usize = 2048;

impl Judged {
    /// What is wrong with a modulus, given as octets from the most significant one; `None` if nothing that can be found.
    pub fn fault(&self, modulus: &[u8]) -> Option<Fault> {
        if modulus.len() > LONGEST {
            return None;
        }
        if let Some(known) = self.0.borrow().get(modulus) {
            return *known;
        }
        let fault = judge(&BigUint::from_bytes_be(modulus));
        self.0.borrow_mut().insert(modulus.into(), fault);
        fault
    }
}

fn judge(modulus: &BigUint) -> Option<Fault> {
    let zero = BigUint::ZERO;
    if *modulus == zero {
        return Some(Fault::NotPositive);
    }
    if !modulus.bit(0) {
        return Some(Fault::Divisible(2));
    }
    let is_divided = has_common_factor(modulus.clone(), &SMALL.product % modulus);
    if is_divided && let Some(prime) = SMALL.primes.iter().find(|prime| modulus % **prime == zero) {
        return Some(Fault::Divisible(*prime));
    }
    is_close(modulus).then_some(Fault::Close)
}

/// The primes to look for, but for 2, and the product of them all.
struct Small {
    primes: Vec<u32>,
    product: BigUint,
}

static SMALL: LazyLock<Small> = LazyLock::new(|| {
    let mut composite = vec![false; PRIME_LIMIT];
    let mut primes = Vec::new();
    for number in (3..PRIME_LIMIT).step_by(2) {
        if !composite[number] {
            primes.push(number as u32);
            for multiple in (number * number..PRIME_LIMIT).step_by(number) {
                composite[multiple] = true;
            }
        }
    }
    Small {
        product: product(&primes),
        primes,
    }
});

/// The product of numbers; factors of equal length are multiplied fastest.
fn product(numbers: &[u32]) -> BigUint {
    match numbers {
        [] => BigUint::from(1_u32),
        [one] => BigUint::from(*one),
        _ => {
            let (left, right) = numbers.split_at(numbers.len() / 2);
            product(left) * product(right)
        }
    }
}

/// Whether two numbers, the first of them odd, have a factor in common.
fn has_common_factor(mut a: BigUint, mut b: BigUint) -> bool {
    while b != BigUint::ZERO {
        let rest = a % &b;
        a = b;
        b = rest;
    }
    a != BigUint::from(1_u32)
}

/// Whether a number that is odd is the difference of two squares that are found at once: a modulus with prime factors that are
/// close to one another is.
fn is_close(modulus: &BigUint) -> bool {
    let mut root = modulus.sqrt();
    if &root * &root < *modulus {
        root += 1_u32;
    }
    // What is left of the squares of the root and the numbers behind it; mostly its residue tells that it is no square.
    let (mut residue, of_root) = (residue(&(&root * &root - modulus)), residue(&root));
    (0..STEPS).any(|step| {
        let is_square = may_be_square(residue) && {
            let root = &root + step;
            is_square(&(&root * &root - modulus))
        };
        residue = (residue + 2 * (of_root + u64::from(step)) + 1) % BASE;
        is_square
    })
}

/// The product of the bases in which squares are looked at.
const BASE: u64 = 64 * 63 * 65 * 11;

fn residue(number: &BigUint) -> u64 {
    (number % BASE).iter_u64_digits().next().unwrap_or(0)
}

/// Whether a number with this residue may be a square: one in a hundred may.
fn may_be_square(residue: u64) -> bool {
    let is_of_square = |base: u64| (0..base).any(|root| root * root % base == residue % base);
    [64, 63, 65, 11].into_iter().all(is_of_square)
}

fn is_square(number: &BigUint) -> bool {
    let root = number.sqrt();
    &root * &root == *number
}
