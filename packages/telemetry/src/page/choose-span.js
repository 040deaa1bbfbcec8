// Rows are links to the details of their span, so everything works without this; with it, the arrow keys walk through
// the rows, the details follow, and a reload keeps the choice.
const rows = [...document.querySelectorAll('.row')]

function choose(row, focus) {
  if (!row) return
  for (const other of rows) {
    const chosen = other === row
    other.tabIndex = chosen ? 0 : -1
    if (chosen) other.setAttribute('aria-current', 'true')
    else other.removeAttribute('aria-current')
    const details = document.getElementById(other.hash.slice(1))
    if (details) details.classList.toggle('chosen', chosen)
  }
  if (focus) {
    row.focus()
    history.replaceState(null, '', row.hash)
  }
}

const STEPS = { ArrowDown: 1, ArrowUp: -1, j: 1, k: -1, PageDown: 10, PageUp: -10, Home: -1e6, End: 1e6 }

for (const row of rows) {
  row.addEventListener('click', (event) => {
    event.preventDefault()
    choose(row, true)
  })
  row.addEventListener('keydown', (event) => {
    const step = STEPS[event.key]
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const index = Math.min(rows.length - 1, Math.max(0, rows.indexOf(row) + step))
    choose(rows[index], true)
  })
}

if (rows.length > 0) {
  document.documentElement.classList.add('choosing')
  const wanted = rows.find((row) => row.hash === location.hash)
  choose(wanted ?? document.querySelector('.row.failed') ?? rows[0], false)
}
