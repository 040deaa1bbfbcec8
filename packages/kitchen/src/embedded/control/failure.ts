import { StageError } from '../../stage.ts'
import type { Failure } from './messages.ts'

/** An error as the other process shall tell it; anything but a StageError is a defect of the kitchen. */
export function toFailure(error: unknown, log: string): Failure {
  if (error instanceof StageError) {
    const { code, message: what, meaning, remedy, location } = error
    return { code, what, meaning, remedy, ...(location && { location }) }
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOSPC')
    return {
      code: 'disk-full',
      what: `The disk is full: ${error.message}.`,
      meaning: 'The restaurant needs about 100 MB for its database and logs.',
      remedy: ['df -h .    to see what is left', 'KITCHEN_HOME=/another/disk pnpm workshop    to use another'],
    }
  return {
    code: 'stage-defect',
    what: `The kitchen itself failed: ${error instanceof Error ? error.message : error}`,
    meaning: 'This is a defect of the workshop, not of your code.',
    remedy: [`tail ${log}    to see what led to it`, 'pnpm workshop down    to start afresh'],
  }
}
