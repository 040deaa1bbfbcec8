import {
  AnnotationQueryBuilder,
  AnnotationTargetBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
} from '@grafana/grafana-foundation-sdk/dashboard'
import { GRAFANA, type UIDS } from './grafana.ts'

const TAG = 'chaos-kitchen'

/** What all four share: faults as regions, links to each other, the last minutes, a refresh every five seconds. */
export function dashboard(title: string, uid: (typeof UIDS)[keyof typeof UIDS], description: string): DashboardBuilder {
  return new DashboardBuilder(title)
    .uid(uid)
    .description(description)
    .tags([TAG])
    .timezone('browser')
    .refresh('5s')
    .time({ from: 'now-15m', to: 'now' })
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .annotation(faults())
    .link(
      new DashboardLinkBuilder('Chaos Kitchen')
        .type(DashboardLinkType.Dashboards)
        .tags([TAG])
        .asDropdown(false)
        .keepTime(true),
    )
}

/** Whoever makes trouble posts a region with the tag `chaos`. */
function faults(): AnnotationQueryBuilder {
  return new AnnotationQueryBuilder()
    .name('Faults')
    .datasource(GRAFANA)
    .enable(true)
    .hide(false)
    .iconColor('red')
    .target(new AnnotationTargetBuilder().type('tags').tags(['chaos']).matchAny(false).limit(200))
}
