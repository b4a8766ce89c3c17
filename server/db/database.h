// The crossing between connections, which are coroutines on their io_context, and the database, whose
// sessions block and live on threads of their own.
//
//     auto seats = co_await db.read(store::seats_of, event_id);        // Reader&: asks, sees one moment
//     auto result = co_await db.write(grant, input, actor);            // Transaction&: Result<T>
//
// A deed is committed when its result holds a value; a Problem or an exception rolls back. Arguments are
// copied before the hop; results must be default-constructible; a deed may run again (at most three times
// more) after a deadlock, so it keeps its effects in the database. Work, once begun, always ends: cancelling
// the waiter does not abandon it.
//
// Errors: a queue that is too long or too slow is Problem `overloaded` where the function returns Result,
// else Overloaded; SqlError, DatabaseAway, OutcomeUnknown (db/error.h); whatever the function throws.
#pragma once

#include "base/problem.h"
#include "db/database_threads.h"
#include "db/error.h"
#include "db/reader.h"
#include "db/session.h"

#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <concepts>
#include <exception>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>

namespace kutsu::db
{

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<std::expected<T, Problem>> = true;

// How an argument is kept until the thread has it; a literal stays a pointer.
template <class Argument>
using Kept = std::decay_t<Argument const&>;

template <class Function, class Access, class... Arguments>
using Answer = std::invoke_result_t<Function&, Access&, Kept<Arguments> const&...>;

class Database
{
public:
    // One thread per session. Does not wait for the database: an unreachable one is noticed by the first
    // question.
    explicit Database(std::string connection_string, std::size_t sessions, QueueLimits limits = {});
    // Finishes what is queued.
    ~Database();
    Database(Database const&) = delete;
    Database& operator=(Database const&) = delete;

    template <class Question, class... Arguments>
        requires std::invocable<Question&, Reader&, Kept<Arguments> const&...>
    boost::asio::awaitable<Answer<Question, Reader, Arguments...>> read(Question question,
                                                                        Arguments const&... arguments)
    {
        using R = Answer<Question, Reader, Arguments...>;
        return on_thread<R>([question = std::move(question), kept = keep(arguments...)](
                                Session& session) mutable { return ask<R>(session, question, kept); });
    }

    template <class Deed, class... Arguments>
        requires std::invocable<Deed&, Transaction&, Kept<Arguments> const&...>
    boost::asio::awaitable<Answer<Deed, Transaction, Arguments...>> write(Deed deed,
                                                                          Arguments const&... arguments)
    {
        using R = Answer<Deed, Transaction, Arguments...>;
        return on_thread<R>([this, deed = std::move(deed), kept = keep(arguments...)](
                                Session& session) mutable { return act<R>(session, deed, kept); });
    }

    // The same for the command line and for threads of our own; they block. Never on an io_context's thread.
    template <class Question, class... Arguments>
        requires std::invocable<Question&, Reader&, Kept<Arguments> const&...>
    Answer<Question, Reader, Arguments...> read_now(Question question, Arguments const&... arguments)
    {
        using R = Answer<Question, Reader, Arguments...>;
        return wait_for<R>([question = std::move(question), kept = keep(arguments...)](
                               Session& session) mutable { return ask<R>(session, question, kept); });
    }

    template <class Deed, class... Arguments>
        requires std::invocable<Deed&, Transaction&, Kept<Arguments> const&...>
    Answer<Deed, Transaction, Arguments...> write_now(Deed deed, Arguments const&... arguments)
    {
        using R = Answer<Deed, Transaction, Arguments...>;
        return wait_for<R>([this, deed = std::move(deed), kept = keep(arguments...)](
                               Session& session) mutable { return act<R>(session, deed, kept); });
    }

    // Called on a database thread after each commit, before the caller hears of it; for waking whoever
    // follows the change log. Must not throw. Set it before the first write.
    void after_commit(std::function<void()> hook);

    std::size_t sessions() const;
    std::size_t available() const; // sessions that are idle now
    std::size_t queued() const;    // questions and deeds that wait
    bool away() const;             // the last attempt to open a session failed

private:
    template <class R>
    struct Outcome
    {
        std::exception_ptr failure;
        R value{};
    };

    template <class... Arguments>
    static std::tuple<Kept<Arguments>...> keep(Arguments const&... arguments)
    {
        return std::tuple<Kept<Arguments>...>(arguments...);
    }

    template <class R, class Question, class Tuple>
    static R ask(Session& session, Question& question, Tuple const& kept)
    {
        for (int attempt = 1;; ++attempt) {
            try {
                session.begin_read();
                Reader reader{session.sql()};
                R answer = call<R>(question, reader, kept);
                session.rollback();
                return answer;
            } catch (...) {
                session.retry_or_rethrow(attempt, true);
            }
        }
    }

    template <class R, class Deed, class Tuple>
    R act(Session& session, Deed& deed, Tuple const& kept)
    {
        static_assert(is_result<R>,
                      "a deed returns Result<T>: whether it holds a value decides about the commit");
        for (int attempt = 1;; ++attempt) {
            try {
                session.begin_write();
                Transaction transaction{{session.sql()}};
                R result = call<R>(deed, transaction, kept);
                if (result)
                    commit(session);
                else
                    session.rollback();
                return result;
            } catch (...) {
                session.retry_or_rethrow(attempt, false);
            }
        }
    }

    template <class R, class Function, class Access, class Tuple>
    static R call(Function& function, Access& access, Tuple const& kept)
    {
        return std::apply([&](auto const&... each) -> R { return std::invoke(function, access, each...); },
                          kept);
    }

    template <class R, class Run>
    static Outcome<R> settle(Run& run, Session* session)
    {
        Outcome<R> outcome;
        try {
            if (session)
                outcome.value = run(*session);
            else
                outcome.value = overloaded<R>();
        } catch (...) {
            outcome.failure = std::current_exception();
        }
        return outcome;
    }

    template <class R>
    static R overloaded()
    {
        if constexpr (is_result<R>) {
            auto problem = refuse(ProblemName::overloaded);
            problem.error().retry_after_ms = 1000;
            return problem;
        } else {
            throw Overloaded();
        }
    }

    // The caller resumes on its own executor with the outcome.
    template <class R, class Run>
    boost::asio::awaitable<R> on_thread(Run run)
    {
        namespace asio = boost::asio;
        static_assert(std::default_initializable<R>,
                      "what crosses back from a database thread is default-constructible");
        auto begin = [this](auto waiter, Run work) {
            auto home = asio::get_associated_executor(waiter);
            auto busy = asio::make_work_guard(home);
            submit(
                [waiter = std::move(waiter), work = std::move(work), home, busy](Session* session) mutable {
                    auto outcome = settle<R>(work, session);
                    asio::post(home, [waiter = std::move(waiter), outcome = std::move(outcome)]() mutable {
                        std::move(waiter)(outcome.failure, std::move(outcome.value));
                    });
                });
        };
        return asio::async_initiate<asio::use_awaitable_t<> const, void(std::exception_ptr, R)>(
            std::move(begin), asio::use_awaitable, std::move(run));
    }

    template <class R, class Run>
    R wait_for(Run run)
    {
        refuse_own_threads();
        std::promise<Outcome<R>> promise;
        auto answer = promise.get_future();
        submit([&](Session* session) { promise.set_value(settle<R>(run, session)); });
        auto outcome = answer.get();
        if (outcome.failure)
            std::rethrow_exception(outcome.failure);
        return std::move(outcome.value);
    }

    void submit(DatabaseWork work);
    void commit(Session& session);
    // A database thread that waited for another one could wait for ever.
    static void refuse_own_threads();

    std::function<void()> after_commit_;
    std::unique_ptr<DatabaseThreads> threads_;
};

}
