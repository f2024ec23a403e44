namespace MedGenCluster.EndToEnd.Dashboard;

/// <summary>A test that drives a browser; skipped, with the reason, where there is none or the dashboard was left out of the build.</summary>
public sealed class ChromiumFactAttribute : FactAttribute
{
    public static readonly string? Browser = new[] { Environment.GetEnvironmentVariable("MEDGEN_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);

    public ChromiumFactAttribute()
    {
        if (Browser is null)
        {
            Skip = "There is no Chromium; install Debian's package chromium.";
        }
        else if (!File.Exists(Path.Combine(Path.GetDirectoryName(Medgen.Program)!, "dashboard", "index.html")))
        {
            Skip = "The dashboard is not in this build; install Node 20 or later with npm.";
        }
    }
}
