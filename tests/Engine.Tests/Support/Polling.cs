namespace MedGenCluster.Engine.Tests.Support;

/// <summary>Waits for what another process or a server brings about in its own time.</summary>
internal static class Polling
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    public static async Task UntilAsync(Func<bool> holds)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (!holds())
        {
            await Task.Delay(Pause, patience.Token);
        }
    }
}
