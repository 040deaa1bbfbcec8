/**
 * The messages of OTLP 1.x that a collector reads, as protobufjs takes them: field name, number, type. No
 * OpenTelemetry package of JavaScript ships descriptors (theirs only write), and unknown fields are skipped, so the
 * fields that nobody here looks at are left out.
 */
type Field = readonly [id: number, type: string, repeated?: 'repeated']
type Message = Readonly<Record<string, Field>>

const MESSAGES: Readonly<Record<string, Message>> = {
  TraceRequest: { resourceSpans: [1, 'ResourceSpans', 'repeated'] },
  LogsRequest: { resourceLogs: [1, 'ResourceLogs', 'repeated'] },
  MetricsRequest: { resourceMetrics: [1, 'ResourceMetrics', 'repeated'] },
  ExportResponse: { partialSuccess: [1, 'PartialSuccess'] },
  PartialSuccess: { rejected: [1, 'int64'], errorMessage: [2, 'string'] },
  RpcStatus: { code: [1, 'int32'], message: [2, 'string'] },

  Resource: { attributes: [1, 'KeyValue', 'repeated'] },
  KeyValue: { key: [1, 'string'], value: [2, 'AnyValue'] },
  AnyValue: {
    stringValue: [1, 'string'],
    boolValue: [2, 'bool'],
    intValue: [3, 'int64'],
    doubleValue: [4, 'double'],
    arrayValue: [5, 'ArrayValue'],
    kvlistValue: [6, 'KeyValueList'],
    bytesValue: [7, 'bytes'],
  },
  ArrayValue: { values: [1, 'AnyValue', 'repeated'] },
  KeyValueList: { values: [1, 'KeyValue', 'repeated'] },

  ResourceSpans: { resource: [1, 'Resource'], scopeSpans: [2, 'ScopeSpans', 'repeated'] },
  ScopeSpans: { spans: [2, 'Span', 'repeated'] },
  Span: {
    traceId: [1, 'bytes'],
    spanId: [2, 'bytes'],
    parentSpanId: [4, 'bytes'],
    name: [5, 'string'],
    kind: [6, 'int32'],
    startTimeUnixNano: [7, 'fixed64'],
    endTimeUnixNano: [8, 'fixed64'],
    attributes: [9, 'KeyValue', 'repeated'],
    events: [11, 'Event', 'repeated'],
    links: [13, 'Link', 'repeated'],
    status: [15, 'Status'],
  },
  Event: { timeUnixNano: [1, 'fixed64'], name: [2, 'string'], attributes: [3, 'KeyValue', 'repeated'] },
  Link: { traceId: [1, 'bytes'], spanId: [2, 'bytes'] },
  Status: { message: [2, 'string'], code: [3, 'int32'] },

  ResourceLogs: { resource: [1, 'Resource'], scopeLogs: [2, 'ScopeLogs', 'repeated'] },
  ScopeLogs: { logRecords: [2, 'LogRecord', 'repeated'] },
  LogRecord: {
    timeUnixNano: [1, 'fixed64'],
    severityNumber: [2, 'int32'],
    severityText: [3, 'string'],
    body: [5, 'AnyValue'],
    attributes: [6, 'KeyValue', 'repeated'],
    traceId: [9, 'bytes'],
    spanId: [10, 'bytes'],
    observedTimeUnixNano: [11, 'fixed64'],
  },

  ResourceMetrics: { resource: [1, 'Resource'], scopeMetrics: [2, 'ScopeMetrics', 'repeated'] },
  ScopeMetrics: { metrics: [2, 'Metric', 'repeated'] },
  Metric: {
    name: [1, 'string'],
    unit: [3, 'string'],
    gauge: [5, 'NumberData'],
    sum: [7, 'NumberData'],
    histogram: [9, 'HistogramData'],
    exponentialHistogram: [10, 'ExponentialHistogramData'],
    summary: [11, 'SummaryData'],
  },
  NumberData: { dataPoints: [1, 'NumberPoint', 'repeated'] },
  NumberPoint: {
    timeUnixNano: [3, 'fixed64'],
    asDouble: [4, 'double'],
    asInt: [6, 'sfixed64'],
    attributes: [7, 'KeyValue', 'repeated'],
  },
  HistogramData: { dataPoints: [1, 'HistogramPoint', 'repeated'] },
  HistogramPoint: {
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    attributes: [9, 'KeyValue', 'repeated'],
  },
  ExponentialHistogramData: { dataPoints: [1, 'ExponentialHistogramPoint', 'repeated'] },
  ExponentialHistogramPoint: {
    attributes: [1, 'KeyValue', 'repeated'],
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
  },
  SummaryData: { dataPoints: [1, 'SummaryPoint', 'repeated'] },
  SummaryPoint: {
    timeUnixNano: [3, 'fixed64'],
    count: [4, 'fixed64'],
    sum: [5, 'double'],
    attributes: [7, 'KeyValue', 'repeated'],
  },
}

/** Fields that may be there with their default value: 0 and `false` were said, and are not "nothing was said". */
const ONE_OF: Readonly<Record<string, readonly string[]>> = {
  AnyValue: Object.keys(MESSAGES.AnyValue ?? {}),
  NumberPoint: ['asDouble', 'asInt'],
  HistogramPoint: ['sum'],
  ExponentialHistogramPoint: ['sum'],
}

export const OTLP_SCHEMA = {
  nested: Object.fromEntries(
    Object.entries(MESSAGES).map(([name, message]) => {
      const oneof = ONE_OF[name]
      return [name, { fields: mapFields(message), ...(oneof ? { oneofs: { present: { oneof: [...oneof] } } } : {}) }]
    }),
  ),
}

function mapFields(message: Message) {
  return Object.fromEntries(
    Object.entries(message).map(([name, [id, type, rule]]) => [name, rule ? { id, type, rule } : { id, type }]),
  )
}
