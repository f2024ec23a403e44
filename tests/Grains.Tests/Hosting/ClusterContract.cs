using MedGenCluster.Engine.Clustering;
using MedGenCluster.Grains.Hosting;
using MedGenCluster.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace MedGenCluster.Grains.Tests.Hosting;

/// <summary>What a cluster must do wherever it is kept.</summary>
internal static class ClusterContract
{
    public static async Task StateSurvivesARestartOfAllSilosAsync(ClusterSettings settings)
    {
        var names = Enumerable.Range(0, 20).Select(number => $"note-{number}").ToList();
        await using (var first = await TestSilo.StartAsync(settings with { SiloName = "a" }))
        await using (var second = await TestSilo.StartAsync(settings with { SiloName = "b" }))
        {
            await TestSilo.FormAsync(first, second);
            await Task.WhenAll(names.Select(name => first.Grains.GetGrain<INoteGrain>(name).WriteAsync($"text of {name}")));
            await first.Grains.GetGrain<INoteGrain>(names[0]).ClearAsync();

            // What one has written the other reads, and both carry some.
            Assert.Equal($"text of {names[1]}", await second.Grains.GetGrain<INoteGrain>(names[1]).ReadAsync());
            Assert.Equal(["a", "b"], (await Task.WhenAll(names.Select(name => first.Grains.GetGrain<INoteGrain>(name).WhereAsync()))).Distinct().Order());
        }

        await using var later = await TestSilo.StartAsync(settings with { SiloName = "c" });
        foreach (var name in names)
        {
            Assert.Equal(name == names[0] ? null : $"text of {name}", await later.Grains.GetGrain<INoteGrain>(name).ReadAsync());
        }
    }

    public static async Task AConflictOfWritersIsSeenAsync(ClusterSettings settings)
    {
        await using var silo = await TestSilo.StartAsync(settings);
        var storage = silo.Services.GetRequiredKeyedService<IGrainStorage>(SiloConfiguration.Storage);
        var grain = GrainId.Create("conflict", "one");
        GrainState<Note> Fresh(string text) => new(new Note { Text = text });

        var first = Fresh("first");
        await storage.WriteStateAsync("note", grain, first);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", grain, Fresh("knows of no other")));

        var second = Fresh("");
        await storage.ReadStateAsync("note", grain, second);
        Assert.Equal("first", second.State!.Text);
        second.State.Text = "second";
        await storage.WriteStateAsync("note", grain, second);
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.WriteStateAsync("note", grain, first));
        await Assert.ThrowsAsync<InconsistentStateException>(() => storage.ClearStateAsync("note", grain, first));

        await storage.ClearStateAsync("note", grain, second);
        var none = Fresh("");
        await storage.ReadStateAsync("note", grain, none);
        Assert.False(none.RecordExists);
        await storage.WriteStateAsync("note", grain, second);
    }

    public static async Task AReminderFiresAsync(ClusterSettings settings)
    {
        await using var silo = await TestSilo.StartAsync(settings);
        var name = $"reminder of {settings.ClusterId} in {settings.Clustering}";
        var fired = NoteGrain.Fired.GetOrAdd(name, _ => new TaskCompletionSource());

        await silo.Grains.GetGrain<INoteGrain>("reminded").RemindAsync(name);

        // Its period is a minute, the shortest that Orleans allows, and one that is read too late for its first time fires at the second.
        await fired.Task.WaitAsync(TimeSpan.FromSeconds(100));
    }

    public static async Task AKilledSiloIsDeclaredDeadAsync(ClusterSettings settings)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        await using var silos = await ProbeCluster.FormAsync(settings, limit.Token, "one", "two");

        silos[0].Kill();

        await silos[1].UntilAsync("member one Dead", limit.Token);
    }
}
