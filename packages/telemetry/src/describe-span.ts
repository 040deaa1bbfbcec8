import type { AttributeValue, Span } from './trace.ts'

/** How a call ended, in a word. */
export interface Outcome {
  /** A status code or a word; empty where there is nothing to say. */
  text: string
  failed: boolean
}

/** Errors as Node, undici and PostgreSQL name them, in words. */
const ERROR_WORDS: ReadonlyMap<unknown, string> = new Map([
  ['TimeoutError', 'timeout'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout'],
  ['UND_ERR_BODY_TIMEOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['ETIMEDOUT', 'timeout'],
  ['AbortError', 'cancelled'],
  ['UND_ERR_ABORTED', 'cancelled'],
  ['ECONNREFUSED', 'refused'],
  ['ECONNRESET', 'lost'],
  ['EPIPE', 'lost'],
  ['UND_ERR_SOCKET', 'lost'],
  ['UND_ERR_CLOSED', 'lost'],
])

/** What `register` says on a server's span; the server did nothing wrong. */
const CLIENT_GONE = 'ClientClosedRequest'

/** Where the work was done: the service, or the database that a client span speaks to. */
export function placeOf(span: Span): string {
  return isQuery(span) ? 'postgres' : span.service
}

/** What was done, short: `GET /items/burger`, `INSERT orders`, or the span's own name; and which attempt it was. */
export function titleOf(span: Span): string {
  const attempt = attemptOf(span)
  const title = isQuery(span) ? queryTitle(span) : requestTitle(span)
  return attempt === undefined || title.includes(`attempt ${attempt}`) ? title : `${title}, attempt ${attempt}`
}

/** From 1; undefined where nothing says that there was more than one. */
export function attemptOf({ attributes }: Span): number | undefined {
  const resends = attributes['http.request.resend_count']
  const attempt = attributes.attempt ?? (typeof resends === 'number' ? resends + 1 : undefined)
  return typeof attempt === 'number' ? attempt : undefined
}

export function outcomeOf(span: Span): Outcome {
  const { attributes, kind, status } = span
  const code = attributes['http.response.status_code']
  const error = attributes['error.type']
  // First, as a reply that broke off has a status too.
  if (error === CLIENT_GONE) return { text: 'client gone', failed: status === 'error' }
  const word = ERROR_WORDS.get(error)
  if (word !== undefined) return { text: word, failed: true }
  if (code !== undefined && code !== null)
    return { text: String(code), failed: status === 'error' || Number(code) >= 500 }
  if (status === 'error') return { text: leadOf(span.statusMessage) ?? 'failed', failed: true }
  const unanswered = kind === 'client' && attributes['http.request.method'] !== undefined
  return unanswered ? { text: 'no reply', failed: true } : { text: '', failed: false }
}

/** The word before the colon of a message such as `lost: the connection closed without a reply`. */
function leadOf(message = ''): string | undefined {
  return /^([a-z][a-z ]{1,10}):/.exec(message)?.[1]
}

function isQuery({ kind, attributes }: Span): boolean {
  return kind === 'client' && textOf(attributes['db.system.name']) === 'postgresql'
}

/** The path rather than the route: a person looks for the burger, not for `:id`. */
function requestTitle({ name, kind, attributes }: Span): string {
  const method = textOf(attributes['http.request.method'])
  const path = textOf(attributes['url.path'])
  const generic = name === method || kind === 'server'
  return generic && method !== '' && path !== '' ? `${method} ${path}` : name
}

const STATEMENT =
  /^\s*(?:(insert)\s+into|(update)|(delete)\s+from|(select)\b.*?\bfrom|(create)\s+\w+(?:\s+if\s+not\s+exists)?)\s+"?([\w.]+)/is

function queryTitle({ name, attributes }: Span): string {
  const text = textOf(attributes['db.query.text'])
  const found = STATEMENT.exec(text)
  if (found) return `${found.slice(1, 6).find(Boolean)?.toUpperCase()} ${found[6]}`
  const operation = textOf(attributes['db.operation.name'])
  return operation === '' ? name.replace(/^pg(-pool)?\.connect$/, 'connect') : operation
}

function textOf(value: AttributeValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
