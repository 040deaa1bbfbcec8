import { join } from 'node:path'
import type { Command } from 'commander'
import { EXIT, UsageError } from '../cli/errors.ts'
import { openPage } from '../cli/open-page.ts'
import { type Context, perform } from '../cli/perform.ts'
import { openStage } from '../cli/with-stage.ts'
import { findRun } from '../report/find-run.ts'
import { comparePage } from '../report/page/compare-page.ts'
import { reportPage } from '../report/page/report-page.ts'
import { pageOf, readRun, runNames, writeWhole } from '../report/runs.ts'
import { renderComparison, renderReport, renderRuns } from '../screen/report.ts'

interface Options {
  readonly compare?: boolean
  readonly open?: boolean
  readonly list?: boolean
  readonly json?: boolean
}

export default function report(command: Command): void {
  command
    .argument('[run]', 'its place from the end (1 is the last), or part of its name; the last by default')
    .argument('[other]', 'with --compare, the run to compare with; the one before the last by default')
    .option('--compare', 'two runs side by side')
    .option('--open', 'opens the page, where there is a desktop')
    .option('--list', 'the runs that are kept')
    .option('--json', 'one object on standard output')
    .action(perform<Options, [string | undefined, string | undefined]>(run))
}

async function run(context: Context<Options>, first: string | undefined, second: string | undefined): Promise<number> {
  const { options } = context
  const { home } = await openStage(context)
  if (options.list) return list(context, home.folder)
  if (options.compare) return compare(context, home.folder, first ?? '2', second ?? '1')
  if (second !== undefined)
    throw new UsageError('One run, or --compare for two.', {
      remedy: [`pnpm workshop report --compare ${first} ${second}`],
    })
  return show(context, home.folder, first)
}

async function show(context: Context<Options>, home: string, name: string | undefined): Promise<number> {
  const { folder, report } = await findRun(home, name)
  const page = pageOf(folder)
  // Made anew: the run may be older than the page's form.
  await writeWhole(page, reportPage(report))
  context.output.print('', ...renderReport(context.output.theme, report, page), '')
  context.output.result({ page, ...report })
  return opened(context, page)
}

async function compare(context: Context<Options>, home: string, first: string, second: string): Promise<number> {
  const runs = [await findRun(home, first), await findRun(home, second)] as const
  const page = join(runs[1].folder, `compared-with-${runs[0].name}.html`)
  await writeWhole(page, comparePage(runs[0].report, runs[1].report))
  context.output.print('', ...renderComparison(context.output.theme, runs, page), '')
  context.output.result({ page, runs: runs.map(({ report }) => report) })
  return opened(context, page)
}

async function list({ output }: Context<Options>, home: string): Promise<number> {
  const names = (await runNames(home)).reverse()
  const runs = (await Promise.all(names.map((name) => readRun(home, name)))).filter((each) => each !== undefined)
  if (runs.length === 0) output.print('', ' There is no run yet.', '   pnpm workshop battery complete --seed 7', '')
  else output.print('', ...renderRuns(output.theme, runs), '')
  output.result({ runs: runs.map(({ name, report }) => ({ name, passed: report.passed })) })
  return EXIT.passed
}

async function opened({ options, output }: Context<Options>, page: string): Promise<number> {
  if (options.open && !(await openPage(page))) output.note('There is no desktop here to open it on.')
  return EXIT.passed
}
