import type { Docker } from './containers.ts'

/**
 * The last lines that a container printed, on either stream.
 * @param within from when until when, in seconds since the epoch by the engine's clock
 */
export async function readLog(
  docker: Docker,
  id: string,
  lines: number,
  within: { since?: number; until?: number } = {},
): Promise<string[]> {
  const raw = await docker.getContainer(id).logs({ stdout: true, stderr: true, tail: lines, follow: false, ...within })
  return textOf(raw)
    .split('\n')
    .filter((line) => line.trim() !== '')
}

/** Without a terminal the engine frames each piece: stream, three empty bytes, length in four, text. */
export function textOf(raw: Buffer): string {
  const pieces: Buffer[] = []
  for (let at = 0; at + FRAME <= raw.length; ) {
    const end = at + FRAME + raw.readUInt32BE(at + 4)
    pieces.push(raw.subarray(at + FRAME, end))
    at = end
  }
  return Buffer.concat(pieces).toString('utf8')
}

const FRAME = 8
