import HTTP

/// The Prometheus text format, version 0.0.4.
enum MetricsPage {
    static func text(_ metrics: Metrics) -> String {
        let (routes, commits) = metrics.total()
        var page = "# HELP wenming_requests_total Answers by operation and class of status.\n"
        page += "# TYPE wenming_requests_total counter\n"
        for (name, counts) in zip(metrics.operations, routes) {
            for (place, count) in counts.byStatusClass.enumerated() where count > 0 {
                page += "wenming_requests_total{operation=\"\(name)\",status=\"\(place)xx\"} \(count)\n"
            }
        }
        page += "# HELP wenming_request_seconds Time from the first byte of a request to the hand-over of its answer.\n"
        page += "# TYPE wenming_request_seconds histogram\n"
        for (name, counts) in zip(metrics.operations, routes) where counts.buckets.contains(where: { $0 > 0 }) {
            page += histogram(name, counts)
        }
        page += "# HELP wenming_commits_total Commits of the writer.\n# TYPE wenming_commits_total counter\n"
        page += "wenming_commits_total \(commits.batches)\n"
        page += "# HELP wenming_committed_writes_total Writes in them.\n# TYPE wenming_committed_writes_total counter\n"
        page += "wenming_committed_writes_total \(commits.requests)\n"
        page += "# HELP wenming_commit_seconds_total Time spent in them.\n# TYPE wenming_commit_seconds_total counter\n"
        page += "wenming_commit_seconds_total \(seconds(commits.microseconds))\n"
        return page + refusals(metrics.refused)
    }

    private static func refusals(_ refused: Metrics.Refusals) -> String {
        var lines = "# HELP wenming_connections_turned_away_total Connections answered 503 before a request was read.\n"
        lines += "# TYPE wenming_connections_turned_away_total counter\n"
        for limit in ConnectionLimit.allCases {
            let count = refused.connections[limit] ?? 0
            lines += "wenming_connections_turned_away_total{limit=\"\(limit.rawValue)\"} \(count)\n"
        }
        lines += "# HELP wenming_requests_shed_total Requests answered 503 for the sake of the others.\n"
        lines += "# TYPE wenming_requests_shed_total counter\n"
        for shedding in Metrics.Shedding.allCases {
            let count = refused.requests[shedding] ?? 0
            lines += "wenming_requests_shed_total{by=\"\(shedding.rawValue)\"} \(count)\n"
        }
        return lines
    }

    private static func histogram(_ name: String, _ counts: Metrics.Counts) -> String {
        var lines = ""
        var sum: UInt64 = 0
        for (bound, count) in zip(Metrics.bounds, counts.buckets) {
            sum += count
            lines += "wenming_request_seconds_bucket{operation=\"\(name)\",le=\"\(seconds(bound))\"} \(sum)\n"
        }
        sum += counts.buckets.last ?? 0
        lines += "wenming_request_seconds_bucket{operation=\"\(name)\",le=\"+Inf\"} \(sum)\n"
        lines += "wenming_request_seconds_sum{operation=\"\(name)\"} \(seconds(counts.microseconds))\n"
        lines += "wenming_request_seconds_count{operation=\"\(name)\"} \(sum)\n"
        return lines
    }

    private static func seconds(_ microseconds: UInt64) -> Double { Double(microseconds) / 1_000_000 }
}
