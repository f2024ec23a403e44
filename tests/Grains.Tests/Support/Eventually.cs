namespace MedGenCluster.Grains.Tests.Support;

internal static class Eventually
{
    /// <summary>Returns when it holds; fails where it does not in half a minute.</summary>
    public static async Task TrueAsync(Func<bool> holds)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!holds())
        {
            await Task.Delay(20, limit.Token);
        }
    }
}
