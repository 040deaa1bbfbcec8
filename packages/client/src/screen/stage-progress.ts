import type { UpProgress } from '@chaos-kitchen/kitchen'

const NAMES: Record<string, string> = { postgres: 'PostgreSQL' }
const nameOf = (part: string) => NAMES[part] ?? part

/** `PostgreSQL ready 0.6 s · order ready 0.9 s · waiting for loyalty` */
export function describeProgress({ ready, waiting }: UpProgress): string {
  const parts = ready.map(({ name, ms }) => `${nameOf(name)} ready ${(ms / 1_000).toFixed(1)} s`)
  if (waiting.length > 0) parts.push(`waiting for ${waiting.map(nameOf).join(', ')}`)
  return parts.join(' · ')
}
