import { StageError } from '../stage.ts'

/** What a failed Compose command means, read from what it printed. */
export function composeFailure(output: string): StageError {
  const last = output.trim().split('\n').at(-1)?.trim() ?? ''
  for (const [pattern, explain] of FAILURES) {
    const match = pattern.exec(output)
    if (match !== null) return explain(last, match)
  }
  return new StageError('compose-failed', {
    what: `Docker Compose failed: ${last || 'it printed nothing'}`,
    meaning: 'The containers could not be made or started.',
    remedy: ['docker compose up --wait    to see all that it says', 'pnpm workshop doctor    to check this machine'],
  })
}

const FAILURES: [RegExp, (last: string, match: RegExpExecArray) => StageError][] = [
  [
    /(?:127\.0\.0\.1|0\.0\.0\.0|\[?::\d?\]?):(\d+)[^\n]*(?:port is already allocated|address already in use)|ports are not available[^\n]*?:(\d+)|(?:port is already allocated|address already in use)/i,
    (_, [, first, second]) =>
      new StageError('port-taken', {
        what: `Port ${first ?? second ?? 'of the restaurant'} is taken by another program.`,
        meaning: 'The container that wants it cannot start.',
        remedy: [
          'docker ps    to see which containers run',
          'pnpm workshop --docker --port-base 12000    to use other ports',
        ],
      }),
  ],
  [
    /no space left on device/i,
    () =>
      new StageError('no-space', {
        what: 'The disk of the container engine is full.',
        meaning: 'Images and containers need some gigabytes.',
        remedy: ['docker system df    to see what takes it', 'docker system prune    to remove what is unused'],
      }),
  ],
  [
    /mounts denied|not shared from the host|bind source path does not exist/i,
    () =>
      new StageError('repository-not-shared', {
        what: 'The engine does not see the folder of this repository.',
        meaning: 'Docker Desktop mounts only folders that are shared with it.',
        remedy: ['Docker Desktop, Settings, Resources, File sharing: add the folder of this repository'],
      }),
  ],
  [
    /cannot connect to the docker daemon|error during connect|is the docker daemon running/i,
    (last) =>
      new StageError('engine-gone', {
        what: 'The container engine does not answer any more.',
        meaning: last,
        remedy: ['docker version    to see whether it answers Docker'],
      }),
  ],
  [
    /no such image|image .* not found/i,
    (last) =>
      new StageError('image-gone', {
        what: 'An image disappeared while the restaurant started.',
        meaning: last,
        remedy: ['pnpm workshop --docker    again, which pulls it again'],
      }),
  ],
  [
    /could not find an available.*address pool|all predefined address pools have been fully subnetted/i,
    () =>
      new StageError('no-network', {
        what: 'The engine has no addresses left for another network.',
        meaning: 'Networks of other projects take them all.',
        remedy: ['docker network prune    to remove networks that are unused'],
      }),
  ],
]
