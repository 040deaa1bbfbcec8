import type { IncomingMessage } from 'node:http'
import { badRequest, ChaosProxyError } from '../errors.ts'

/** More than a thousand proxies with ten toxics each need. */
const LIMIT = 1024 * 1024

/** Reads a JSON body. @throws ChaosProxyError BODY_TOO_LARGE, or BAD_REQUEST when it is not JSON */
export async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    if (!(chunk instanceof Buffer)) throw badRequest('not bytes')
    length += chunk.length
    if (length > LIMIT) throw tooLarge()
    chunks.push(chunk)
  }
  const text = Buffer.concat(chunks).toString('utf8')
  if (text.trim() === '') throw badRequest('EOF')
  try {
    return JSON.parse(text)
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error))
  }
}

const tooLarge = () =>
  new ChaosProxyError('BODY_TOO_LARGE', 413, `the body is larger than ${LIMIT} bytes, which no request here needs`)
