using MedGenCluster.Curation.Processes;

namespace MedGenCluster.Curation.Tests.Sources.YouTube;

/// <summary>A test that runs yt-dlp itself; skipped with the reason where it is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class YtDlpFactAttribute : FactAttribute
{
    public YtDlpFactAttribute()
    {
        if (ProgramPath.Find("yt-dlp") is null)
        {
            Skip = "yt-dlp is not installed (apt-get install yt-dlp).";
        }
    }
}
