import type { IncomingMessage, ServerResponse } from 'node:http'

/** What a handler gets: the words in the path, the query, and the body as far as it's asked for. */
export interface Call {
  readonly parameters: readonly string[]
  readonly query: URLSearchParams
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** @throws ChaosProxyError when it is too large or not JSON */
  body(): Promise<unknown>
}

/** What a handler answers with; nothing, when it has taken over the response. */
export type Reply = { readonly status: number; readonly body?: unknown; readonly type?: string } | undefined

export type Handler = (call: Call) => Reply | Promise<Reply>

/** A path, where `*` stands for any one segment, and what each method does there. */
export interface Route {
  readonly path: string
  readonly methods: Readonly<Record<string, Handler>>
}

/** The route of a path with the words that stand for `*`, decoded. */
export function match(routes: readonly Route[], path: string): { route: Route; parameters: string[] } | undefined {
  const segments = path.split('/')
  for (const route of routes) {
    const pattern = route.path.split('/')
    if (pattern.length !== segments.length) continue
    const parameters: string[] = []
    const matches = pattern.every((expected, index) => {
      const segment = segments[index] ?? ''
      if (expected !== '*') return expected === segment
      const word = decode(segment)
      if (word === undefined || word === '') return false
      parameters.push(word)
      return true
    })
    if (matches) return { route, parameters }
  }
  return undefined
}

function decode(segment: string): string | undefined {
  try {
    return decodeURIComponent(segment)
  } catch {
    return undefined
  }
}
