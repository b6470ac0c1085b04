// The least a Beast coroutine server can do: what bench/http_bench.py measures `weir serve` beside.
// Prints its port and answers every request with "ok" until it is killed.
#include <boost/asio.hpp>
#include <boost/beast.hpp>
#include <iostream>
#include <thread>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;

asio::awaitable<void> Serve(tcp::socket socket) try {
  boost::beast::flat_buffer buffer;
  for (;;) {
    http::request<http::string_body> request;
    co_await http::async_read(socket, buffer, request, asio::use_awaitable);
    http::response<http::string_body> response(http::status::ok, request.version());
    response.set(http::field::content_type, "text/plain");
    response.body() = "ok\n";
    response.keep_alive(request.keep_alive());
    response.prepare_payload();
    co_await http::async_write(socket, response, asio::use_awaitable);
  }
} catch (const std::exception&) {  // the client has left
}

asio::awaitable<void> Accept(tcp::acceptor& acceptor) {
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    socket.set_option(tcp::no_delay(true));
    const auto executor = asio::make_strand(acceptor.get_executor());
    asio::co_spawn(executor, Serve(std::move(socket)), asio::detached);
  }
}

int main() {
  asio::io_context context(2);
  tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
  std::cout << acceptor.local_endpoint().port() << std::endl;
  asio::co_spawn(context, Accept(acceptor), asio::detached);
  std::jthread second([&] { context.run(); });
  context.run();
}
