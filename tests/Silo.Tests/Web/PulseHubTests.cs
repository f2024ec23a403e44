using System.Net;
using System.Text;
using MedGenCluster.Silo.Tests.Support;
using MedGenCluster.Silo.Web;
using MedGenCluster.Silo.Web.Events;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace MedGenCluster.Silo.Tests.Web;

public sealed class PulseHubTests
{
    private int _made;
    private long _revision;
    private int _bytes = 2;

    [Fact]
    public async Task A_thousand_streams_share_what_is_made_once()
    {
        const int streams = 1000;
        await using var hub = Hub(streams, TimeProvider.System);
        await using var host = await HostAsync(hub);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var readers = await Task.WhenAll(Enumerable.Range(0, streams).Select(_ => OpenAsync(host)));
        await Task.WhenAll(readers.Select(NextAsync));
        var open = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.Equal(streams, hub.Count);
        var made = _made;
        Interlocked.Increment(ref _revision);
        await Task.WhenAll(readers.Select(NextAsync));

        Assert.Equal(made + 1, _made);
        Assert.True(made < 60, $"{streams} streams that opened cost {made} payloads.");
        Assert.True(open < streams * 128L << 10, $"{open >> 20} MB are held by {streams} streams and their clients.");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Client.GetAsync("/api/pulses")).StatusCode);
        readers.ToList().ForEach(reader => reader.Dispose());
    }

    [Fact]
    public async Task A_change_while_a_stream_opens_reaches_those_that_are_open()
    {
        await using var hub = Hub(10, new FastTime(20));
        await using var host = await HostAsync(hub);
        using var first = await OpenAsync(host);
        await NextAsync(first);
        Interlocked.Increment(ref _revision);
        using var second = await OpenAsync(host);

        while (!(await NextAsync(first)).Contains("\"r\":1", StringComparison.Ordinal))
        {
        }

        while (!(await NextAsync(second)).Contains("\"r\":1", StringComparison.Ordinal))
        {
        }
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_dropped_and_holds_nobody_up()
    {
        _bytes = 4 << 20;
        await using var hub = Hub(10, new FastTime(20));
        await using var host = await HostAsync(hub);
        using var deaf = await host.ConnectAsync();
        await deaf.GetStream().WriteAsync(Encoding.ASCII.GetBytes("GET /api/pulses HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        using var reader = await OpenAsync(host);
        var most = 0;
        do
        {
            await NextAsync(reader);
            most = Math.Max(most, hub.Count);
            Interlocked.Increment(ref _revision);
        }
        while (most < 2 || hub.Count == 2);

        Assert.Equal(1, hub.Count);
    }

    [Fact]
    public async Task Nothing_is_made_when_nobody_listens()
    {
        await using var hub = Hub(10, new FastTime(100));
        await using var host = await HostAsync(hub);
        using (var reader = await OpenAsync(host))
        {
            await NextAsync(reader);
        }

        while (hub.Producing)
        {
            await Task.Yield();
        }

        Assert.Equal(0, hub.Count);
        using var again = await OpenAsync(host);
        await NextAsync(again);
        Interlocked.Increment(ref _revision);
        Assert.Contains("\"r\":1", await NextAsync(again));
    }

    [Fact]
    public async Task A_stream_with_nothing_to_tell_is_kept_open_by_comments()
    {
        await using var hub = Hub(10, new FastTime(100));
        await using var host = await HostAsync(hub);
        using var reader = await OpenAsync(host);
        await NextAsync(reader);

        Assert.Equal("", await reader.ReadLineAsync());
        Assert.Equal(":", await reader.ReadLineAsync());
    }

    [Fact]
    public async Task Streams_end_in_order_when_the_host_stops()
    {
        var hub = Hub(10, TimeProvider.System);
        await using var host = await HostAsync(hub);
        using var reader = await OpenAsync(host);
        await NextAsync(reader);
        await hub.DisposeAsync();

        Assert.Equal("\n", await reader.ReadToEndAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await host.Client.GetAsync("/api/pulses")).StatusCode);
    }

    private PulseHub Hub(int most, TimeProvider time) => new(() => Interlocked.Read(ref _revision), _ =>
    {
        Interlocked.Increment(ref _made);
        return Task.FromResult(Encoding.ASCII.GetBytes($$"""{"r":{{Interlocked.Read(ref _revision)}},"x":"{{new string('x', _bytes)}}"}"""));
    }, most, time);

    private static Task<TestHost> HostAsync(PulseHub hub) =>
        TestHost.StartAsync(new WebOptions(), map: routes => routes.MapGet("/api/pulses", (HttpContext context) => hub.ServeAsync(context)));

    private static async Task<StreamReader> OpenAsync(TestHost host) => new(await host.Client.GetStreamAsync("/api/pulses"));

    /// <summary>The next pulse's data; comments are passed over.</summary>
    private static async Task<string> NextAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                return line;
            }
        }

        throw new EndOfStreamException("The stream ended.");
    }
}
