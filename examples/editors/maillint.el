;;; maillint.el --- Check mail records in git  -*- lexical-binding: t; -*-

;; M-x maillint runs maillint on the project in a compilation buffer.

(require 'compile)

(define-compilation-mode maillint-mode "maillint"
  "Findings of maillint."
  (setq-local compilation-error-regexp-alist-alist
              '((maillint "^\\(.+?\\):\\([0-9]+\\):\\([0-9]+\\): \\(?:error\\|\\(warning\\)\\|\\(info\\)\\): "
                          1 2 3 (4 . 5))))
  (setq-local compilation-error-regexp-alist '(maillint))
  ;; Columns are characters, from 1; a tab is one.
  (setq-local compilation-error-screen-columns nil)
  (setq-local compilation-first-column 1))

(defun maillint ()
  "Check the mail records below the current folder."
  (interactive)
  (compilation-start "maillint --format short ." #'maillint-mode))

(provide 'maillint)
;;; maillint.el ends here
