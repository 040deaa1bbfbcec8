import { execFileSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface SmallDisk {
  readonly folder: string
  /** Until not a byte more fits. */
  fill(): void
  remove(): void
}

/** A disk of 24 MB in memory; undefined, which is said, where it takes rights that this process does not have. */
export function mountSmallDisk(): SmallDisk | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'kitchen-disk-'))
  try {
    if (process.platform !== 'linux' || process.getuid?.() !== 0) throw new Error('not root on Linux')
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', folder], { stdio: 'ignore' })
  } catch {
    console.warn('A full disk is not tried: only root on Linux may mount a small one.')
    rmSync(folder, { recursive: true, force: true })
    return undefined
  }
  return {
    folder,
    fill: () => fill(join(folder, 'rest')),
    remove() {
      // Lazily: a process that has not ended yet may hold a file of it for a moment.
      execFileSync('umount', ['--lazy', folder], { stdio: 'ignore' })
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function fill(file: string): void {
  const descriptor = openSync(file, 'w')
  for (let size = 1 << 20; size > 0; )
    try {
      if (writeSync(descriptor, Buffer.alloc(size)) < size) size >>= 1
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      size >>= 1
    }
  closeSync(descriptor)
}
