using System.Collections.Concurrent;
using MedGenCluster.Grains.Hosting;
using MedGenCluster.Grains.Hosting.Placement;

namespace MedGenCluster.Grains.Tests.Support;

[Alias("medgen.tests.INoteGrain")]
public interface INoteGrain : IGrainWithStringKey
{
    [Alias("Write")]
    Task WriteAsync(string text);

    [Alias("Read")]
    Task<string?> ReadAsync();

    [Alias("Clear")]
    Task ClearAsync();

    /// <summary>Fires once a moment from now.</summary>
    [Alias("Remind")]
    Task RemindAsync(string name);

    [Alias("Where")]
    Task<string> WhereAsync();
}

[GenerateSerializer, Alias("medgen.tests.Note")]
public sealed record Note
{
    [Id(0)]
    public string? Text { get; set; }
}

[CpuPlacementFilter, ShardPlacement]
internal sealed class NoteGrain([PersistentState("note", SiloConfiguration.Storage)] IPersistentState<Note> note, ILocalSiloDetails silo) : Grain, INoteGrain, IRemindable
{
    /// <summary>Reminders that fired, by name.</summary>
    public static ConcurrentDictionary<string, TaskCompletionSource> Fired { get; } = new();

    public Task WriteAsync(string text)
    {
        note.State.Text = text;
        return note.WriteStateAsync();
    }

    public Task<string?> ReadAsync() => Task.FromResult(note.State.Text);

    public Task ClearAsync() => note.ClearStateAsync();

    public Task RemindAsync(string name) => this.RegisterOrUpdateReminder(name, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));

    public Task<string> WhereAsync() => Task.FromResult(silo.Name);

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        await this.UnregisterReminder((await this.GetReminder(reminderName))!);
        Fired.GetOrAdd(reminderName, _ => new TaskCompletionSource()).TrySetResult();
    }
}

/// <summary>Keyed by <see cref="LaneKey"/>.</summary>
[Alias("medgen.tests.ILaneGrain")]
public interface ILaneGrain : IGrainWithStringKey
{
    [Alias("Where")]
    Task<string> WhereAsync();
}

[GpuPlacementFilter]
internal sealed class LaneGrain(ILocalSiloDetails silo) : Grain, ILaneGrain
{
    public Task<string> WhereAsync() => Task.FromResult(silo.Name);
}
