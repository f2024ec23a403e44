using System.Text.RegularExpressions;
using Microsoft.Playwright;

// Usage: Screenshots URL FOLDER [NAME...]. Every page at the sizes of a desk and of a phone, in light and dark; or some by name, for example funnel-desk. It says
// when each page had something to show, and how much it fetched.
if (args.Length < 2 || !Uri.TryCreate(args[0], UriKind.Absolute, out var host))
{
    Console.Error.WriteLine("usage: medgen screenshots URL FOLDER, for example medgen screenshots http://127.0.0.1:5600 docs/dashboard");
    return 2;
}

var browser = new[] { Environment.GetEnvironmentVariable("MEDGEN_CHROMIUM"), "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome" }.FirstOrDefault(File.Exists);
if (browser is null)
{
    Console.Error.WriteLine("There is no Chromium: install Debian's package chromium, or name one in MEDGEN_CHROMIUM.");
    return 3;
}

var folder = Directory.CreateDirectory(args[1]).FullName;
using var playwright = await Playwright.CreateAsync();
await using var chromium = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = browser, Args = ["--no-sandbox"] });
foreach (var scheme in new[] { ColorScheme.Light, ColorScheme.Dark })
{
    foreach (var (kind, width, height) in new[] { ("desk", 1440, 900), ("phone", 390, 844) })
    {
        await using var context = await chromium.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = height }, ColorScheme = scheme, BaseURL = host.AbsoluteUri });
        var page = await context.NewPageAsync();
        page.Console += (_, message) => Console.Error.WriteLineIf(message.Type == "error", $"{page.Url}: {message.Text}");
        foreach (var path in await PagesAsync(page))
        {
            var name = NameOf(path, kind, scheme);
            if (args.Length > 2 && !args.Skip(2).Contains(name))
            {
                continue;
            }

            await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            await page.Locator(".skeleton").Or(page.Locator("h1")).First.WaitForAsync();
            await page.WaitForFunctionAsync("() => !document.querySelector('.skeleton') && [...document.images].every(image => image.naturalWidth > 0 || image.getBoundingClientRect().top > innerHeight)");
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 300)))");
            var file = Path.Combine(folder, name + ".png");
            await page.ScreenshotAsync(new() { Path = file });
            var paint = await page.EvaluateAsync<double>("() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1");
            Console.WriteLine($"{file}  first paint after {paint:F0} ms");
        }
    }
}

return 0;

static string NameOf(string path, string kind, ColorScheme scheme)
{
    var parts = path.Trim('/').Split('?');
    var page = parts[0].Split('/');
    return $"{(page[0].Length == 0 ? "overview" : path.Contains("kind=video") ? "videos" : page[0])}{(page.Length > 1 ? "-one" : "")}-{kind}{(scheme == ColorScheme.Dark ? "-dark" : "")}";
}

// The pages, with one clip, one video and the latest audit.
static async Task<IReadOnlyList<string>> PagesAsync(IPage page)
{
    await page.GotoAsync("/clips?outcome=accepted", new() { WaitUntil = WaitUntilState.DOMContentLoaded });
    List<string> paths = ["/", "/funnel", "/jobs", "/clips", "/clips?kind=video", "/audit", "/training", "/generation", "/system"];
    var first = page.Locator(".clip-card").First;
    try
    {
        await first.WaitForAsync(new() { Timeout = 5000 });
        paths.Add((await first.GetAttributeAsync("href"))!.Split('?')[0]);
    }
    catch (TimeoutException)
    {
        // A host without clips.
    }

    var audits = await page.APIRequest.GetAsync("/api/audits");
    if (Regex.Match(await audits.TextAsync(), "\"id\":(\\d+)") is { Success: true } audit)
    {
        paths.Add("/audit/" + audit.Groups[1].Value);
    }

    return paths;
}

internal static class ConsoleLines
{
    extension(TextWriter writer)
    {
        public void WriteLineIf(bool condition, string text)
        {
            if (condition)
            {
                writer.WriteLine(text);
            }
        }
    }
}
