import { type Static, type TSchema, Type } from 'typebox'
import { Check, Errors } from 'typebox/value'
import { badRequest } from '../errors.ts'

/** As in the original, a field that is null counts as not given. */
export const Field = <Schema extends TSchema>(schema: Schema) => Type.Optional(Type.Union([schema, Type.Null()]))

/** @throws ChaosProxyError BAD_REQUEST that names the field and the rule */
export function read<Schema extends TSchema>(schema: Schema, value: unknown): Static<Schema> {
  if (Check(schema, value)) return value
  const errors = Errors(schema, value)
  const deepest = errors.reduce((a, b) => (b.instancePath.length > a.instancePath.length ? b : a), errors[0] ?? NONE)
  const told = errors.filter(
    ({ instancePath, keyword }) => instancePath === deepest.instancePath && keyword !== 'anyOf',
  )
  const where = deepest.instancePath === '' ? 'the body' : deepest.instancePath.slice(1)
  throw badRequest(`${where} ${(told[0] ?? deepest).message}`)
}

const NONE = { instancePath: '', keyword: '', message: 'is not what is expected here' }
