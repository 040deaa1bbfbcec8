import type { Attributes, AttributeValue } from '../trace.ts'

/**
 * Readers of OTLP in its JSON form. They take what proto3 says a reader must take: absent means default, 64-bit
 * numbers may be strings, enums may be names, bytes are hex (OTLP) or base64 (everyone else's proto3 JSON). What has
 * another shape reads as absent, so that a strange field never costs a whole batch.
 */
export type Fields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** A number, or undefined where there is none; 64-bit integers lose what a double can't hold. */
export function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'number' && (typeof value !== 'string' || value === '')) return undefined
  const number = Number(value)
  return Number.isFinite(number) ? number : undefined
}

/** An enum as its number: 2 of `2`, and of `"SPAN_KIND_SERVER"` where that is at index 2 of `names`. */
export function enumOf(value: unknown, names: readonly string[]): number {
  return typeof value === 'string' ? Math.max(0, names.indexOf(value)) : (numberOf(value) ?? 0)
}

/** Nanoseconds since the epoch as milliseconds; precise to a quarter of a microsecond. */
export function millisecondsOf(nanoseconds: unknown): number | undefined {
  const text = String(nanoseconds)
  if (!/^\d{1,20}$/.test(text)) return undefined
  const whole = Number(text.slice(0, -6) || '0')
  return whole + Number(text.slice(-6)) / 1e6
}

/** An ID of so many bytes as lower-case hex; undefined when it has another length, or is all zero ("none"). */
export function idOf(value: unknown, bytes: 8 | 16): string | undefined {
  const text = textOf(value)
  const hex = text.length === bytes * 2 ? text.toLowerCase() : Buffer.from(text, 'base64').toString('hex')
  if (hex.length !== bytes * 2 || !/^[0-9a-f]+$/.test(hex) || /^0+$/.test(hex)) return undefined
  return hex
}

export function attributesOf(value: unknown): Attributes {
  const attributes: Attributes = Object.create(null)
  for (const item of listOf(value)) {
    const { key, value: any } = fieldsOf(item)
    if (typeof key === 'string' && key !== '') attributes[key] = attributeValueOf(any, 0)
  }
  return { ...attributes }
}

/** Deeper than that, an attribute is an attack or a mistake. */
const MAX_DEPTH = 8

export function attributeValueOf(any: unknown, depth = 0): AttributeValue {
  const value = fieldsOf(any)
  if (depth > MAX_DEPTH) return '…'
  if (typeof value.stringValue === 'string') return value.stringValue
  if (typeof value.boolValue === 'boolean') return value.boolValue
  if (value.intValue !== undefined) return numberOf(value.intValue) ?? null
  if (value.doubleValue !== undefined) return numberOf(value.doubleValue) ?? String(value.doubleValue)
  if (value.arrayValue !== undefined)
    return listOf(fieldsOf(value.arrayValue).values).map((item) => attributeValueOf(item, depth + 1))
  if (value.kvlistValue !== undefined) {
    const entries = listOf(fieldsOf(value.kvlistValue).values).map(fieldsOf)
    return Object.fromEntries(entries.map((entry) => [textOf(entry.key), attributeValueOf(entry.value, depth + 1)]))
  }
  return typeof value.bytesValue === 'string' ? value.bytesValue : null
}

/** The service that a resource names, by the convention's own word where it names none. */
export function serviceOf(resource: unknown): string {
  return textOf(attributesOf(fieldsOf(resource).attributes)['service.name']) || 'unknown_service'
}
