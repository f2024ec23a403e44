using MedGenCluster.Curation.Sources.YouTube;

namespace MedGenCluster.Curation.Tests.Sources.YouTube;

public sealed class YouTubeOptionsTests
{
    [Fact]
    public void The_defaults_can_be_used() => Assert.Empty(new YouTubeOptions().Validate());

    [Fact]
    public void All_options_that_cannot_be_used_are_named_at_once()
    {
        var options = new YouTubeOptions
        {
            Client = "other",
            Program = " ",
            MaxLines = 10,
            SubtitleLanguages = ["en", "all,-live_chat"],
            MaxBytes = 0,
            RateLimitBytes = -1,
            PauseSeconds = double.NaN,
            SocketTimeout = TimeSpan.FromSeconds(100),
            MemoryLimitBytes = 1,
        };

        var errors = options.Validate();

        string[] names = ["client", "program", "maxLines", "subtitleLanguages", "maxBytes", "rateLimitBytes", "pauseSeconds", "idleLimit", "memoryLimitBytes"];
        Assert.Equal(names.Length, errors.Count);
        Assert.All(names, name => Assert.Contains(errors, error => error.StartsWith("youtube." + name + " ", StringComparison.Ordinal)));
    }
}
