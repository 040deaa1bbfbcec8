import { promisify } from 'node:util'
import { gunzip } from 'node:zlib'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { fieldsOf } from '../otlp/fields.ts'
import { decodeProtobuf, encodeResponse, encodeStatus, type RequestName } from '../otlp/protobuf.ts'
import { readLogs } from '../otlp/read-logs.ts'
import { readMetrics } from '../otlp/read-metrics.ts'
import { readSpans } from '../otlp/read-spans.ts'
import type { Store } from './store/store.ts'

/** Of a body, as sent and as unpacked; a batch of an exporter is far below. */
const MAX_BODY = 16 * 1024 * 1024
const PROTOBUF = 'application/x-protobuf'
const INVALID_ARGUMENT = 3

const unzip = promisify(gunzip)

/** OTLP/HTTP 1.x: traces, logs and metrics, in JSON and protobuf, plain or gzipped. */
export async function otlpRoutes(app: FastifyInstance, { store }: { store: Store }): Promise<void> {
  app.removeAllContentTypeParsers()
  app.addContentTypeParser(
    ['application/json', PROTOBUF],
    { parseAs: 'buffer', bodyLimit: MAX_BODY },
    (_request, body, done) => done(null, body),
  )
  app.setErrorHandler<Error & { statusCode?: number }>((error, request, reply) => {
    reply.code(error.statusCode ?? 500)
    sendStatus(request, reply, error.message)
  })

  receive('/v1/traces', 'TraceRequest', ({ resourceSpans }) => {
    const { spans, rejected } = readSpans(resourceSpans)
    store.addSpans(spans)
    return rejected
  })
  receive('/v1/logs', 'LogsRequest', ({ resourceLogs }) => {
    store.addLogs(readLogs(resourceLogs))
    return 0
  })
  receive('/v1/metrics', 'MetricsRequest', ({ resourceMetrics }) => {
    store.addMetrics(readMetrics(resourceMetrics))
    return 0
  })

  function receive(url: string, name: RequestName, take: (message: ReturnType<typeof fieldsOf>) => number): void {
    app.post(url, async (request, reply) => {
      const body = await readBody(request)
      const rejected = take(fieldsOf(decode(request, name, body)))
      const message = rejected === 0 ? '' : `${rejected} without a usable ID or time`
      if (isProtobuf(request)) return reply.type(PROTOBUF).send(encodeResponse(rejected, message))
      return rejected === 0 ? {} : { partialSuccess: { rejectedSpans: String(rejected), errorMessage: message } }
    })
  }
}

async function readBody(request: FastifyRequest): Promise<Buffer> {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  const encoding = request.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return body
  if (encoding !== 'gzip') throw refusal(415, `Content-Encoding ${encoding} is not known here; use gzip or none.`)
  try {
    return await unzip(body, { maxOutputLength: MAX_BODY })
  } catch (error) {
    if (error instanceof RangeError) throw refusal(413, `The body unpacks to more than ${MAX_BODY} bytes.`)
    throw refusal(400, 'The body is not gzip, though Content-Encoding says so.')
  }
}

function decode(request: FastifyRequest, name: RequestName, body: Buffer): unknown {
  try {
    return isProtobuf(request) ? decodeProtobuf(name, body) : JSON.parse(body.toString('utf8'))
  } catch {
    throw refusal(400, `The body is no OTLP ${name} in ${isProtobuf(request) ? 'protobuf' : 'JSON'}.`)
  }
}

function sendStatus(request: FastifyRequest, reply: FastifyReply, message: string): void {
  if (isProtobuf(request)) reply.type(PROTOBUF).send(encodeStatus(INVALID_ARGUMENT, message))
  else reply.send({ code: INVALID_ARGUMENT, message })
}

function isProtobuf(request: FastifyRequest): boolean {
  return request.headers['content-type']?.startsWith(PROTOBUF) ?? false
}

function refusal(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode })
}
