// A database to import into and to export from.
#pragma once

#include "base/local_time.h"
#include "db/database.h"
#include "test_database.h"
#include "transfer/transfer.h"
#include "transfer_samples.h"

#include <gtest/gtest.h>

namespace kutsu::test
{

using transfer::FileProblems;
using transfer::Imported;
using Outcome = std::expected<Imported, FileProblems>;

class TransferStore : public testing::Test
{
protected:
    TransferStore()
    {
        init_crypto();
        keys_.registration.fill(1);
        keys_.vault.fill(2);
    }

    Outcome import_text(std::string const& text)
    {
        auto const deed = [&](db::Transaction& transaction) {
            return Result<Outcome>(transfer::import_document(transaction, text, {now_, random_, keys_}));
        };
        return database_.write_now(deed).value();
    }

    Outcome import_value(json::value const& document) { return import_text(transfer::write_text(document)); }

    Result<std::string> export_text(std::optional<std::string> const& project = std::nullopt)
    {
        auto const question = [&](db::Reader& reader) {
            return transfer::export_project(reader, project, keys_);
        };
        return database_.read_now(question);
    }

    json::value exported(std::string const& project)
    {
        return transfer::read_text(export_text(project).value()).value();
    }

    std::string ask(std::string const& question)
    {
        return std::string(connection_.exec(question).text(0, 0));
    }

    // Imports, exports, compares, and takes it back.
    bool comes_back_equal(json::value const& document, std::string const& what)
    {
        auto const text = transfer::write_text(document);
        bool taken = false;
        auto const deed = [&](db::Transaction& transaction) -> Result<bool> {
            taken = transfer::import_document(transaction, text, {now_, random_, keys_}).has_value();
            if (taken) {
                auto const back = transfer::export_project(transaction, std::nullopt, keys_);
                EXPECT_EQ(without_derived(transfer::read_text(back.value()).value()),
                          without_derived(document))
                    << what;
            }
            return refuse(ProblemName::validation);
        };
        EXPECT_NO_THROW((void)database_.write_now(deed)) << what;
        return taken;
    }

    // The place of every value below this one.
    static void collect(json::value const& value, std::string const& pointer,
                        std::vector<std::string>& pointers)
    {
        pointers.push_back(pointer);
        if (auto const* object = value.if_object()) {
            for (auto const& [name, below] : *object) {
                if (name.find('/') == json::string_view::npos)
                    collect(below, pointer + "/" + std::string(name), pointers);
            }
        } else if (auto const* list = value.if_array()) {
            for (std::size_t i = 0; i < list->size(); ++i)
                collect((*list)[i], pointer + "/" + std::to_string(i), pointers);
        }
    }

    // Every text of the database, of every column of every table.
    std::string everything()
    {
        std::string all;
        auto const tables = connection_.exec("select table_name from information_schema.tables "
                                             "where table_schema = 'public' and table_type = 'BASE TABLE'");
        for (int i = 0; i < tables.rows(); ++i)
            all += ask(
                fmt::format("select coalesce(string_agg(t::text, ' '), '') from {} t", tables.text(i, 0)));
        return all;
    }

    TestDatabase test_database_ = database();
    db::Connection connection_ = test_database_.connect();
    db::Database database_{test_database_.conninfo(), 1};
    SeededRandom random_{7};
    Keys keys_;
    Instant now_ = parse_instant("2027-05-03T06:00:00.250Z").value();
};

}
