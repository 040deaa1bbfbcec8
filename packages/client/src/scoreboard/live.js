// The server makes all markup; what is new is fetched whole and takes the place of what was there.
const events = new EventSource('events')

async function refresh() {
  const reply = await fetch('.')
  if (!reply.ok) return
  const next = new DOMParser().parseFromString(await reply.text(), 'text/html')
  document.querySelector('main').replaceWith(next.querySelector('main'))
}

events.addEventListener('passed', (event) => {
  document.getElementById('news').textContent = JSON.parse(event.data)
  refresh().catch(() => {})
})
events.addEventListener('open', () => {
  document.getElementById('state').textContent = 'live'
  refresh().catch(() => {})
})
events.addEventListener('error', () => {
  document.getElementById('state').textContent = 'not connected; trying again'
})
