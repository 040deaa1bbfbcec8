/** What a hook asks of the engine. */
export type Request =
  | { readonly kind: 'wait'; readonly promise: Promise<void> }
  | { readonly kind: 'again'; readonly delay: number }
  | { readonly kind: 'replace'; readonly promise: PromiseLike<unknown> }
