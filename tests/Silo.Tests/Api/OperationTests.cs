using System.Net;
using System.Text.Json;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

public sealed class OperationTests
{
    [Fact]
    public async Task A_benchmark_runs_alone_shows_in_the_pulse_and_ends_with_the_host()
    {
        var api = await ApiHost.StartAsync();
        Operation operation;
        await using (api)
        {
            operation = await api.SendAsync<Operation>(HttpMethod.Post, "/api/models/bench", null, HttpStatusCode.Accepted);
            Assert.Contains("wait", await api.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/models/bench"));
            Assert.Equal(operation, await api.GetAsync<Operation>($"/api/operations/{operation.Id}"));
            Assert.Equal(operation, Assert.Single(await api.GetAsync<IReadOnlyList<Operation>>("/api/operations")));
            using var events = await EventsAsync(api);
            Assert.Equal(operation, Assert.Single((await PulseAsync(events)).Operations));
        }

        Assert.Equal(("models-bench", "running"), (operation.Kind, operation.State));
        Assert.False(Directory.Exists(api.Folder));
    }

    [Fact]
    public async Task A_pulse_comes_at_once_and_again_when_something_changed()
    {
        await using var api = await ApiHost.StartAsync();
        using var events = await EventsAsync(api);
        var first = await PulseAsync(events);
        await api.SendAsync<JobView>(HttpMethod.Post, $"/api/jobs/{api.Corpus.Job}/pause", null);
        var second = await PulseAsync(events);

        Assert.Equal(new Totals(2, 4, 2, 13, 11, 4, 5, 3), first.Totals);
        Assert.True(second.Revision > first.Revision);
        Assert.Equal("paused", second.Jobs.Single(job => job.Id == api.Corpus.Job).State);
    }

    private static async Task<StreamReader> EventsAsync(ApiHost api)
    {
        var answer = await api.Client.GetAsync("/api/events", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", answer.Content.Headers.ContentType?.MediaType);
        return new StreamReader(await answer.Content.ReadAsStreamAsync());
    }

    private static async Task<Pulse> PulseAsync(StreamReader events)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await events.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return JsonSerializer.Deserialize<Pulse>(line[5..], ApiHost.Json)!;
            }
        }

        throw new InvalidOperationException("The events ended.");
    }
}
