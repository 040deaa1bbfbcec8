import type { Dispatcher } from 'undici'

export type HeaderRecord = Record<string, string | string[] | undefined>

/** Any form in which undici takes headers, as an object with the names as they were written. */
export function toHeaderRecord(headers: Dispatcher.DispatchOptions['headers']): HeaderRecord {
  const record: HeaderRecord = {}
  if (headers === null || headers === undefined) return record
  for (const [name, value] of entriesOf(headers)) {
    const before = record[name]
    record[name] = before === undefined ? value : [before, value ?? []].flat()
  }
  return record
}

export function readHeader(headers: HeaderRecord, name: string): string | undefined {
  const found = Object.entries(headers).find(([other]) => other.toLowerCase() === name)?.[1]
  return Array.isArray(found) ? found[0] : found
}

/** A copy, in which the header has this value alone. */
export function withHeader(headers: HeaderRecord, name: string, value: string): HeaderRecord {
  const others = Object.entries(headers).filter(([other]) => other.toLowerCase() !== name)
  return { ...Object.fromEntries(others), [name]: value }
}

type Headers = NonNullable<Dispatcher.DispatchOptions['headers']>

function* entriesOf(headers: Headers): Iterable<[string, string | string[] | undefined]> {
  if (!(Symbol.iterator in headers)) {
    for (const [name, value] of Object.entries(headers)) yield [name, typeof value === 'number' ? String(value) : value]
    return
  }
  let name: string | undefined
  for (const entry of headers) {
    if (typeof entry !== 'string') yield [entry[0], entry[1]]
    else if (name === undefined) name = entry
    else {
      yield [name, entry]
      name = undefined
    }
  }
}
