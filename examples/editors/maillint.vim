" :Maillint checks the working folder, or the paths given, and fills the quickfix list.
let s:errorformat = '%f:%l:%c: %trror: %m,%f:%l:%c: %tarning: %m,%f:%l:%c: %tnfo: %m,%-G%.%#'

function! s:Maillint(...) abort
  let l:paths = a:0 ? join(map(copy(a:000), 'shellescape(v:val)')) : '.'
  let l:lines = systemlist('maillint --format short ' . l:paths)
  call setqflist([], 'r', {'title': 'maillint', 'lines': l:lines, 'efm': s:errorformat})
  let l:items = getqflist()
  for l:item in l:items
    " maillint counts characters, Vim counts bytes.
    call bufload(l:item.bufnr)
    let l:text = get(getbufline(l:item.bufnr, l:item.lnum), 0, '')
    let l:byte = byteidx(l:text, l:item.col - 1)
    let l:item.col = l:byte < 0 ? l:item.col : l:byte + 1
  endfor
  call setqflist([], 'r', {'title': 'maillint', 'items': l:items})
  if empty(l:items)
    cclose
    echo 'maillint: nothing found'
  else
    copen
    cfirst
  endif
endfunction

command! -nargs=* -complete=file Maillint call s:Maillint(<f-args>)
