import { openProgress, type Progress } from '../learn/progress.ts'
import { openWorkspace, type Workspace } from '../learn/workspace.ts'
import type { Context } from './perform.ts'
import { openStage } from './with-stage.ts'

/** What a person works on, and how far they have come; no restaurant is needed to know. */
export interface Learner {
  readonly home: string
  readonly workspace: Workspace
  readonly progress: Progress
}

export async function openLearner(context: Context): Promise<Learner> {
  const home = (await openStage(context)).home.folder
  return { home, workspace: openWorkspace(), progress: openProgress(home) }
}
