import protobuf from 'protobufjs/light.js'
import { OTLP_SCHEMA } from './schema.ts'

export type RequestName = 'TraceRequest' | 'LogsRequest' | 'MetricsRequest'

const root = protobuf.Root.fromJSON(OTLP_SCHEMA)

/**
 * Decodes a request to the shape that its JSON form has, 64-bit numbers as strings and bytes as base64.
 *
 * @throws whatever protobufjs throws for bytes that are no such message
 */
export function decodeProtobuf(name: RequestName, bytes: Uint8Array): unknown {
  const type = root.lookupType(name)
  return type.toObject(type.decode(bytes), { longs: String, bytes: String })
}

/** An `Export…ServiceResponse`: empty when all was taken. */
export function encodeResponse(rejected: number, errorMessage: string): Uint8Array {
  const type = root.lookupType('ExportResponse')
  return type.encode(rejected === 0 ? {} : { partialSuccess: { rejected, errorMessage } }).finish()
}

/** A `google.rpc.Status`, OTLP's body of a refusal. */
export function encodeStatus(code: number, message: string): Uint8Array {
  return root.lookupType('RpcStatus').encode({ code, message }).finish()
}
