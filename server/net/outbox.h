// What waits to be written to one socket, in order. The first message is the one being written.
#pragma once

#include "net/rpc.h"

#include <deque>

namespace kutsu::net
{

class Outbox
{
public:
    struct Message
    {
        Frame frame;
        bool binary = false;
    };

    // False, and nothing is kept, when there would be more than `limit` bytes; one message always has a
    // place.
    bool push(Message message, std::size_t limit)
    {
        if (!messages_.empty() && bytes_ + message.frame->size() > limit)
            return false;
        bytes_ += message.frame->size();
        messages_.push_back(std::move(message));
        return true;
    }

    void pop()
    {
        bytes_ -= messages_.front().frame->size();
        messages_.pop_front();
    }

    void keep_first()
    {
        while (messages_.size() > 1) {
            bytes_ -= messages_.back().frame->size();
            messages_.pop_back();
        }
    }

    void clear()
    {
        messages_.clear();
        bytes_ = 0;
    }

    Message const& front() const { return messages_.front(); }
    bool empty() const { return messages_.empty(); }
    std::size_t bytes() const { return bytes_; }

private:
    std::deque<Message> messages_;
    std::size_t bytes_ = 0;
};

}
