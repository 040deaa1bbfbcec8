import type { Events } from '../../events.ts'
import type { Handler, Route } from '../route.ts'

/** A reader that has this much unread is cut off, rather than kept in memory. */
const MAX_UNREAD = 1024 * 1024

/** `GET /events`: what happens, as server-sent events, from now on. */
export function eventRoutes(events: Events): Route[] {
  const stream: Handler = ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' })
    response.write(': listening\n\n')
    const unsubscribe = events.subscribe((event) => {
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
      if (response.writableLength > MAX_UNREAD) response.destroy()
    })
    response.once('close', unsubscribe)
    return undefined
  }
  return [{ path: '/events', methods: { GET: stream } }]
}
