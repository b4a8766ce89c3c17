// What goes wrong in the database, without the values that the libraries put into their messages: those hold
// names and addresses of people. Never log what() of an exception that is not from this header; log
// describe().
#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace kutsu::db
{

struct Failure
{
    std::string sqlstate;   // five characters; empty when the server said nothing
    std::string constraint; // the name of the violated constraint or empty
};

// The database refused a statement. what() is safe to log.
class SqlError : public std::runtime_error
{
public:
    explicit SqlError(std::string sqlstate_, std::string constraint_ = {});
    explicit SqlError(Failure const& failure) : SqlError(failure.sqlstate, failure.constraint) {}

    std::string sqlstate;
    std::string constraint;
};

// The database cannot be reached, stops or does not answer. what() is safe to log.
class DatabaseAway : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// The connection broke while COMMIT was under way: the change is stored as a whole or not at all, and only
// asking again tells which.
class OutcomeUnknown : public DatabaseAway
{
public:
    OutcomeUnknown()
        : DatabaseAway("the connection to the database broke during a commit; its outcome is unknown")
    {}
};

// More questions wait than can be answered in time, and the function asked cannot return a Problem.
class Overloaded : public std::runtime_error
{
public:
    Overloaded() : std::runtime_error("too many questions wait for the database") {}
};

// Safe to log, for every exception that leaves this room or a SOCI call.
std::string describe(std::exception const& error);

// SQLSTATE and constraint of an exception thrown by SOCI or by this room, on the thread that ran the
// statement:
//     catch (std::exception const& error) { if (db::failure_of(error).constraint ==
//     "registration_once_per_email") … }
// The transaction is lost then: return a Problem or throw, nothing else can be done in it.
Failure failure_of(std::exception const& error);

// Connection refused, server stopping, crash of another process of the server and the like.
bool means_away(std::string const& sqlstate);

}
