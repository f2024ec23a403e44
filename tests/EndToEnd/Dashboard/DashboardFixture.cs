using Microsoft.Playwright;

namespace MedGenCluster.EndToEnd.Dashboard;

/// <summary>A browser and a host with an empty data directory of its own. What a page complains about is kept.</summary>
public class DashboardFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private HostProcess? _host;

    public string Folder { get; } = Directory.CreateTempSubdirectory("medgen-dashboard-").FullName;

    public string Data => Path.Combine(Folder, "data");

    internal HostProcess Host => _host!;

    /// <summary>Errors of scripts, refused loads and requests to other hosts.</summary>
    public List<string> Complaints { get; } = [];

    public async Task InitializeAsync()
    {
        if (ChromiumFactAttribute.Browser is not { } browser)
        {
            return;
        }

        _host = await HostProcess.StartAsync(["--data", Data, .. HostArguments()]);
        _playwright = await Playwright.CreateAsync();
        // The machine may be busy with other things.
        Assertions.SetDefaultExpectTimeout(60_000);
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = browser, Args = ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"] });
    }

    /// <summary>Stops the host and starts one on another data directory.</summary>
    public async Task ServeAsync(string data)
    {
        Assert.Equal((0, ""), await Host.StopAsync());
        await Host.DisposeAsync();
        _host = await HostProcess.StartAsync(["--data", data, .. HostArguments()]);
    }

    public async Task<IPage> OpenAsync(string path, int width = 1440, int height = 900)
    {
        var context = await _browser!.NewContextAsync(new() { BaseURL = _host!.Address, ViewportSize = new() { Width = width, Height = height } });
        var page = await context.NewPageAsync();
        page.Console += (_, message) =>
        {
            // Chromium tells of answers that are no success, too; those are what some tests are about.
            if (message.Type == "error" && !message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal))
            {
                Complain($"{page.Url}: {message.Text}");
            }
        };
        page.PageError += (_, error) => Complain($"{page.Url}: {error}");
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(_host.Address, StringComparison.Ordinal) && !request.Url.StartsWith("blob:", StringComparison.Ordinal))
            {
                Complain($"{page.Url} asked {request.Url}");
            }
        };
        await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
        return page;
    }

    public virtual async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (_host is not null)
        {
            await _host.DisposeAsync();
        }

        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Further arguments of the host.</summary>
    protected virtual IReadOnlyList<string> HostArguments() => [];

    private void Complain(string text)
    {
        lock (Complaints)
        {
            Complaints.Add(text);
        }
    }
}
