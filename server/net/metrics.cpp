#include "net/metrics.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <mutex>
#include <unordered_map>

namespace kutsu::net
{
namespace
{

constexpr std::array second_bounds = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                      0.25,  0.5,    1.0,   2.5,  5.0,   10.0};
constexpr std::array count_bounds = {1.0,   2.0,   4.0,   8.0,    16.0,   32.0,  64.0,
                                     128.0, 256.0, 512.0, 1024.0, 2048.0, 4096.0};
constexpr std::size_t bound_count = second_bounds.size();
static_assert(count_bounds.size() == bound_count);

struct Histogram
{
    std::array<double, bound_count + 1> buckets{}; // the last one: above every bound
    double sum = 0;
};

struct Series
{
    std::string name;
    std::string labels; // ready: a="b",c="d"
    bool is_histogram = false;
    double value = 0;
    Histogram histogram;
};

struct Hash
{
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
};

using Table = std::unordered_map<std::string, Series, Hash, std::equal_to<>>;

// What one thread has counted. Its mutex is contended only while somebody reads /metrics.
struct Shard
{
    std::mutex mutex;
    Table table;
};

struct Description
{
    std::string type;
    std::string help;
};

struct Registry
{
    std::mutex mutex;
    std::vector<std::shared_ptr<Shard>> shards;
    Table retired; // of threads that have ended
    Table gauges;
    std::map<std::string, Description, std::less<>> descriptions;
};

Registry& registry()
{
    static auto& made = *new Registry; // outlives threads that end after main()
    return made;
}

void add(Table& into, Table const& from)
{
    for (auto const& [key, series] : from) {
        auto& sum = into.try_emplace(key, Series{series.name, series.labels, series.is_histogram, 0, {}})
                        .first->second;
        sum.value += series.value;
        sum.histogram.sum += series.histogram.sum;
        for (std::size_t i = 0; i < sum.histogram.buckets.size(); ++i)
            sum.histogram.buckets[i] += series.histogram.buckets[i];
    }
}

class ThreadShard
{
public:
    ThreadShard()
    {
        std::lock_guard const lock(registry().mutex);
        registry().shards.push_back(shard_);
    }

    ~ThreadShard()
    {
        std::lock_guard const lock(registry().mutex);
        add(registry().retired, shard_->table);
        std::erase(registry().shards, shard_);
    }

    Shard& shard() { return *shard_; }

private:
    std::shared_ptr<Shard> shard_ = std::make_shared<Shard>();
};

Shard& this_thread()
{
    thread_local ThreadShard mine;
    return mine.shard();
}

void append_escaped(std::string& out, std::string_view text)
{
    for (auto const c : text) {
        if (c == '\\' || c == '"')
            out += '\\';
        if (c == '\n')
            out += "\\n";
        else
            out += c;
    }
}

Series& series_of(Table& table, std::string_view name, Labels const& labels)
{
    thread_local std::string key;
    key.assign(name);
    key += '{';
    for (auto const& [label, value] : labels) {
        if (key.back() != '{')
            key += ',';
        key.append(label).append("=\"");
        append_escaped(key, value);
        key += '"';
    }
    auto found = table.find(std::string_view(key));
    if (found == table.end())
        found =
            table.emplace(key, Series{std::string(name), key.substr(name.size() + 1), false, 0, {}}).first;
    return found->second;
}

std::array<double, bound_count> const& bounds_of(std::string_view name)
{
    return name.ends_with("_seconds") ? second_bounds : count_bounds;
}

std::string braced(std::string_view labels, std::string_view more = {})
{
    if (labels.empty() && more.empty())
        return {};
    return fmt::format("{{{}{}{}}}", labels, labels.empty() || more.empty() ? "" : ",", more);
}

void print_histogram(std::string& out, Series const& series)
{
    double total = 0;
    auto const& bounds = bounds_of(series.name);
    for (std::size_t i = 0; i <= bounds.size(); ++i) {
        total += series.histogram.buckets[i];
        auto const bound =
            i < bounds.size() ? fmt::format("le=\"{}\"", bounds[i]) : std::string("le=\"+Inf\"");
        out += fmt::format("{}_bucket{} {}\n", series.name, braced(series.labels, bound), total);
    }
    out += fmt::format("{}_sum{} {}\n", series.name, braced(series.labels), series.histogram.sum);
    out += fmt::format("{}_count{} {}\n", series.name, braced(series.labels), total);
}

Table everything()
{
    Table all = registry().retired;
    add(all, registry().gauges);
    for (auto const& shard : registry().shards) {
        std::lock_guard const lock(shard->mutex);
        add(all, shard->table);
    }
    return all;
}

void print_family(std::string& out, std::string_view name, std::string_view type,
                  std::vector<Series const*> const& rows)
{
    out += fmt::format("# TYPE {} {}\n", name, type);
    if (rows.empty() && type != "histogram")
        out += fmt::format("{} 0\n", name);
    for (auto const* row : rows) {
        if (row->is_histogram)
            print_histogram(out, *row);
        else
            out += fmt::format("{}{} {}\n", name, braced(row->labels), row->value);
    }
}

}

void count(std::string_view name, Labels const& labels, double by)
{
    auto& shard = this_thread();
    std::lock_guard const lock(shard.mutex);
    series_of(shard.table, name, labels).value += by;
}

void gauge(std::string_view name, double value, Labels const& labels)
{
    std::lock_guard const lock(registry().mutex);
    series_of(registry().gauges, name, labels).value = value;
}

void observe(std::string_view name, double value, Labels const& labels)
{
    auto& shard = this_thread();
    std::lock_guard const lock(shard.mutex);
    auto& series = series_of(shard.table, name, labels);
    auto const& bounds = bounds_of(name);
    auto const bucket = std::ranges::lower_bound(bounds, value) - bounds.begin();
    series.is_histogram = true;
    series.histogram.buckets[static_cast<std::size_t>(bucket)] += 1;
    series.histogram.sum += value;
}

void describe_metric(std::string_view name, std::string_view type, std::string_view help)
{
    std::lock_guard const lock(registry().mutex);
    registry().descriptions.insert_or_assign(std::string(name),
                                             Description{std::string(type), std::string(help)});
}

std::string metrics_text()
{
    std::lock_guard const lock(registry().mutex);
    auto const all = everything();
    std::map<std::string, std::vector<Series const*>, std::less<>> families;
    for (auto const& [name, description] : registry().descriptions)
        families[name];
    for (auto const& [key, series] : all)
        families[series.name].push_back(&series);

    std::string out;
    for (auto& [name, rows] : families) {
        std::ranges::sort(rows, {}, &Series::labels);
        std::string type = rows.empty() || !rows.front()->is_histogram ? "untyped" : "histogram";
        if (auto const found = registry().descriptions.find(name); found != registry().descriptions.end()) {
            out += fmt::format("# HELP {} {}\n", name, found->second.help);
            type = found->second.type;
        }
        print_family(out, name, type, rows);
    }
    return out;
}

}
