// Counters, gauges and histograms in Prometheus' text form. Names and labels are the contract's (§9).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kutsu::net
{

using Labels = std::vector<std::pair<std::string_view, std::string>>;

void count(std::string_view name, Labels const& labels = {}, double by = 1);
void gauge(std::string_view name, double value, Labels const& labels = {});
void observe(std::string_view name, double value, Labels const& labels = {}); // histogram
// What a metric means; shown as HELP. A described counter is printed as 0 before its first event.
void describe_metric(std::string_view name, std::string_view type, std::string_view help);
std::string metrics_text();

}
