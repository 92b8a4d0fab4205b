" :Maillint checks the working folder, or the paths given, and fills the quickfix list.
" %v is a column in characters, as maillint counts them; %c would be one in bytes.
let s:errorformat = '%f:%l:%v: %trror: %m,%f:%l:%v: %tarning: %m,%f:%l:%v: %tnfo: %m,%-G%.%#'

function! s:Maillint(...) abort
  let l:paths = a:0 ? join(map(copy(a:000), 'shellescape(v:val)')) : '.'
  let l:lines = systemlist('maillint --format short ' . l:paths)
  call setqflist([], 'r', {'title': 'maillint', 'lines': l:lines, 'efm': s:errorformat})
  if empty(getqflist())
    cclose
    echo 'maillint: nothing found'
  else
    copen
    cfirst
  endif
endfunction

command! -nargs=* -complete=file Maillint call s:Maillint(<f-args>)
