#include "mail/worker.h"

#include "base/log.h"
#include "db/database.h"
#include "db/raw.h"
#include "events/catalogue.h"
#include "mail/invitation.h"
#include "net/metrics.h"

#include <algorithm>

namespace kutsu::mail
{
namespace
{

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int batch_size = 64;
// Any number that nobody else uses for an advisory lock of this database.
constexpr std::string_view lock_question = "select pg_try_advisory_lock(4721530866)";
constexpr milliseconds poll{1000};
constexpr milliseconds courtesy{20};
constexpr milliseconds longest_courtesy{1000}; // a round

milliseconds doubled(int times, milliseconds most)
{
    return std::min(milliseconds(500) * (1 << std::clamp(times, 0, 10)), most);
}

struct Tools
{
    events::Catalogue const& catalogue;
    Keys const& keys;
    Site const& site;
    Instant now;
};

// Empty: the event is not in memory yet.
std::optional<std::string> rendered(OutboxRow const& row, Tools const& tools)
{
    auto const event = row.event ? tools.catalogue.find(*row.event) : nullptr;
    if (row.event && !event)
        return std::nullopt;
    return to_bytes(compose(row, event.get(), tools.site, tools.keys));
}

void count_mail(std::string_view state)
{
    net::count("kutsu_mail_total", {{"state", std::string(state)}});
}

// An event that is not in memory yet makes no mail now, and counts none.
void number_calendar_message(db::Transaction& transaction, OutboxRow& row, Tools const& tools)
{
    auto const method = brings_calendar(row.kind);
    if (method && row.event && tools.catalogue.find(*row.event))
        row.calendar_mails_before = store::count_calendar_message(transaction, *row.event, row.recipient,
                                                                  *method == calendars::Method::request);
}

// True when the row can be sent.
bool prepare(db::Transaction& transaction, OutboxRow& row, Tools const& tools)
{
    if (row.rendered)
        return true;
    try {
        number_calendar_message(transaction, row, tools);
        row.rendered = rendered(row, tools);
    } catch (std::invalid_argument const& error) {
        log_error("a mail cannot be written",
                  {{"outbox_id", std::to_string(row.outbox_id)}, {"why", error.what()}});
        store::mark_failed(transaction, row.outbox_id, error.what());
        count_mail("failed");
        return false;
    }
    if (row.rendered)
        store::keep_rendered(transaction, row.outbox_id, *row.rendered);
    else
        store::postpone(transaction, row.outbox_id, tools.now + seconds(5), "the event is not loaded");
    return row.rendered.has_value();
}

Result<std::vector<OutboxRow>> prepare_due(db::Transaction& transaction, Tools const& tools)
{
    auto rows = store::lock_due(transaction, tools.now, batch_size);
    std::erase_if(rows, [&](OutboxRow& row) { return !prepare(transaction, row, tools); });
    return rows;
}

struct Settlement
{
    OutboxRow row;
    Outcome outcome;
    Instant now;
    Retry retry;
};

Result<std::string> record(db::Transaction& transaction, Settlement const& settled)
{
    auto const& [row, outcome, now, retry] = settled;
    bool const too_old = now - row.created_at > retry.give_up;
    if (outcome.delivery == Delivery::sent)
        store::mark_sent(transaction, row.outbox_id, now);
    else if (outcome.delivery == Delivery::refused || too_old)
        store::mark_failed(transaction, row.outbox_id, outcome.reason);
    else
        store::postpone(transaction, row.outbox_id, now + wait_after(retry, row.attempts + 1),
                        outcome.reason);
    return std::string(outcome.delivery == Delivery::sent                 ? "sent"
                       : outcome.delivery == Delivery::refused || too_old ? "failed"
                                                                          : "postponed");
}

Result<bool> record_sent(db::Transaction& transaction, std::map<std::int64_t, Instant> const& accepted)
{
    for (auto const& [outbox_id, at] : accepted)
        store::mark_sent(transaction, outbox_id, at);
    return true;
}

}

Worker::Worker(std::string connection_string, db::Database& db, events::Catalogue const& catalogue,
               Clock const& clock, Keys const& keys, Site const& site, std::unique_ptr<Sender> sender,
               Retry retry, std::function<bool()> guests_wait)
    : connection_string_(std::move(connection_string)), db_(db), catalogue_(catalogue), clock_(clock),
      keys_(keys), site_(site), sender_(std::move(sender)), retry_(retry),
      guests_wait_(std::move(guests_wait))
{
    // A wrong sender is found now, not by mails that fail one by one.
    (void)wire_address(site_.mail_from);
    net::describe_metric("kutsu_mail_total", "counter", "Mails by what became of an attempt to send them.");
    thread_ = std::thread([this] { run(); });
}

Worker::~Worker()
{
    stop();
}

void Worker::wake()
{
    std::scoped_lock const lock(mutex_);
    woken_ = true;
    changed_.notify_one();
}

void Worker::stop()
{
    {
        std::scoped_lock const lock(mutex_);
        stopping_ = true;
        changed_.notify_one();
    }
    sender_->interrupt();
    if (thread_.joinable())
        thread_.join();
}

void Worker::run()
{
    while (!is_stopping()) {
        auto pause = poll;
        try {
            pause = round();
            troubles_ = 0;
        } catch (std::exception const& error) {
            // Said once, not every second while the database is away.
            if (troubles_++ == 0)
                log_error("the outbox waits", {{"why", db::describe(error)}});
            lock_.reset();
            pause = doubled(troubles_, seconds(5));
        }
        wait(pause);
    }
    lock_.reset();
}

Worker::Pause Worker::round()
{
    if (!holds_the_lock())
        return poll;
    mark_accepted();
    patience_left_ = longest_courtesy;
    give_way();
    auto const batch = take_batch();
    return batch.empty() ? poll : deliver(batch);
}

bool Worker::holds_the_lock()
{
    if (lock_) {
        lock_->exec("select 1"); // throws when the session, and the lock with it, is gone
        return true;
    }
    auto connection = std::make_unique<db::Connection>(connection_string_, seconds(5));
    if (connection->exec(lock_question).text(0, 0) != "t")
        return false;
    lock_ = std::move(connection);
    return true;
}

std::vector<OutboxRow> Worker::take_batch()
{
    auto const batch = db_.write_now(prepare_due, Tools{catalogue_, keys_, site_, clock_.now()});
    return batch ? *batch : std::vector<OutboxRow>();
}

Worker::Pause Worker::deliver(std::vector<OutboxRow> const& batch)
{
    for (auto const& row : batch) {
        give_way();
        // A row whose address could not be written has not come this far.
        Parcel const parcel{wire_address(site_.mail_from), wire_address(row.recipient), row.dedupe_key,
                            row.created_at, *row.rendered};
        auto const outcome = sender_->send(parcel);
        if (outcome.delivery == Delivery::interrupted)
            return poll;
        if (outcome.delivery == Delivery::unreachable)
            return after_unreachable(outcome.reason);
        settle(row, outcome);
    }
    return Pause(0);
}

void Worker::settle(OutboxRow const& row, Outcome const& outcome)
{
    if (unreachable_ > 0)
        log_info("mail goes again");
    unreachable_ = 0;
    auto const now = clock_.now();
    if (outcome.delivery == Delivery::sent)
        accepted_.emplace(row.outbox_id, now);
    else
        log_warn("a mail was not accepted", {{"outbox_id", std::to_string(row.outbox_id)}});
    auto const state = db_.write_now(record, Settlement{row, outcome, now, retry_});
    if (!state)
        throw db::Overloaded();
    accepted_.erase(row.outbox_id);
    count_mail(*state);
}

void Worker::mark_accepted()
{
    if (accepted_.empty())
        return;
    if (!db_.write_now(record_sent, accepted_))
        throw db::Overloaded();
    net::count("kutsu_mail_total", {{"state", "sent"}}, static_cast<double>(accepted_.size()));
    accepted_.clear();
}

// Letters have time; who waits for an answer has none. But in a long rush letters go as well, only slower.
void Worker::give_way()
{
    std::unique_lock lock(mutex_);
    while (guests_wait_ && patience_left_.count() > 0 && !stopping_ && guests_wait_()) {
        patience_left_ -= courtesy;
        changed_.wait_for(lock, courtesy, [&] { return stopping_; });
    }
}

Worker::Pause Worker::after_unreachable(std::string const& reason)
{
    if (unreachable_++ == 0)
        log_error("mail cannot be sent; it stays queued", {{"why", reason}});
    count_mail("unreachable");
    return doubled(unreachable_, seconds(30));
}

void Worker::wait(Pause pause)
{
    std::unique_lock lock(mutex_);
    // While nobody answers, new mail is no reason to knock more often.
    auto const ready = [&] { return stopping_ || (woken_ && unreachable_ == 0 && troubles_ == 0); };
    changed_.wait_for(lock, pause, ready);
    woken_ = false;
}

bool Worker::is_stopping()
{
    std::scoped_lock const lock(mutex_);
    return stopping_;
}

}
