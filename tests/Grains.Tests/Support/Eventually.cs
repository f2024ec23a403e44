namespace MedGenCluster.Grains.Tests.Support;

internal static class Eventually
{
    /// <summary>Returns when it holds; fails where it does not in half a minute.</summary>
    public static Task TrueAsync(Func<bool> holds) => TrueAsync(() => Task.FromResult(holds()), TimeSpan.FromSeconds(30), () => Task.FromResult(""));

    /// <summary>Returns when it holds; fails where it does not within the limit, with a description of how things are then.</summary>
    public static async Task TrueAsync(Func<Task<bool>> holds, TimeSpan limit, Func<Task<string>> describe)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < limit, $"It does not hold within {limit}. {(TimeProvider.System.GetElapsedTime(started) < limit ? "" : await describe())}");
            await Task.Delay(50);
        }
    }
}
