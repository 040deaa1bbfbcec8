/** How patient the client is. Times in milliseconds. */
export interface ClientProfile {
  readonly name: 'persistent' | 'impatient' | 'single'
  /** How long one attempt may take. */
  readonly attemptTimeout: number
  readonly maxAttempts: number
  /** How long an order may take, pauses included. */
  readonly orderTimeout: number
  readonly pause: { readonly initial: number; readonly max: number }
}

/**
 * Keeps asking until it gets a success, so that nothing but the kitchen can lose an order. Its patience outlasts the
 * restart of a service on a machine that is many times too busy.
 */
export const persistent: ClientProfile = {
  name: 'persistent',
  attemptTimeout: 5_000,
  maxAttempts: 150,
  orderTimeout: 120_000,
  pause: { initial: 100, max: 1_000 },
}

/** Gives up as people in front of a spinner do. */
export const impatient: ClientProfile = {
  name: 'impatient',
  attemptTimeout: 2_000,
  maxAttempts: 3,
  orderTimeout: 6_000,
  pause: { initial: 200, max: 1_000 },
}

/** One attempt and no more: what the order service makes of it is what the guest gets. */
export const single: ClientProfile = {
  name: 'single',
  attemptTimeout: 5_000,
  maxAttempts: 1,
  orderTimeout: 5_000,
  pause: { initial: 100, max: 1_000 },
}

export const clientProfiles: readonly ClientProfile[] = [persistent, impatient]

export function describeProfile({ name, attemptTimeout, maxAttempts, orderTimeout }: ClientProfile): string {
  const s = (ms: number) => `${ms / 1_000} s`
  return `${name} client: at most ${maxAttempts} attempts of ${s(attemptTimeout)} within ${s(orderTimeout)} an order`
}
