using System.Formats.Tar;
using System.Net;
using System.Text.Json;
using MedGenCluster.Silo.Api.Contracts;
using MedGenCluster.Silo.Tests.Support;

namespace MedGenCluster.Silo.Tests.Api;

public sealed class ExportTests(ReadingHost host) : IClassFixture<ReadingHost>
{
    [Fact]
    public async Task An_export_is_written_listed_fetched_and_not_written_over_by_chance()
    {
        await using var api = await ApiHost.StartAsync();
        var ended = await ExportAsync(api, new ExportRequest("hearts.v1", "Hearts", api.Corpus.Job, ["videofolder"]));
        var result = ((JsonElement)ended.Result!).Deserialize<ExportResult>(ApiHost.Json)!;
        var listed = Assert.Single(await api.GetAsync<IReadOnlyList<ExportView>>("/api/exports"));
        var conflict = await api.ProblemAsync(HttpStatusCode.Conflict, HttpMethod.Post, "/api/exports", new ExportRequest("hearts.v1"));
        var again = await ExportAsync(api, new ExportRequest("hearts.v1", Overwrite: true));

        Assert.Equal(("done", "export", 1.0), (ended.State, ended.Kind, ended.Progress));
        Assert.Equal(("hearts.v1", 2), (result.Name, result.Exported));
        Assert.Equal([api.Corpus.Lost], result.LeftOut.Select(left => left.Where));
        Assert.Equal("hearts.v1", listed.Name);
        Assert.True(listed.Bytes >= result.MediaBytes);
        Assert.Contains("overwrite", conflict);
        Assert.Equal("done", again.State);
        Assert.Equal([again.Id, ended.Id], (await api.GetAsync<IReadOnlyList<Operation>>("/api/operations")).Select(operation => operation.Id));
    }

    [Fact]
    public async Task The_archive_is_a_tar_of_every_file_of_the_export()
    {
        await using var api = await ApiHost.StartAsync();
        await ExportAsync(api, new ExportRequest("tarred"));
        var folder = Path.Combine(api.Host.Data.Root, "exports", "tarred");
        using var answer = await api.Client.GetAsync("/api/exports/tarred/archive", HttpCompletionOption.ResponseHeadersRead);
        using var tar = new TarReader(await answer.Content.ReadAsStreamAsync());
        var files = new Dictionary<string, byte[]>();
        while (await tar.GetNextEntryAsync(copyData: true) is { } entry)
        {
            using var bytes = new MemoryStream();
            await (entry.DataStream ?? Stream.Null).CopyToAsync(bytes);
            files[entry.Name] = bytes.ToArray();
        }

        Assert.Equal(("application/x-tar", "tarred.tar"), (answer.Content.Headers.ContentType?.MediaType, answer.Content.Headers.ContentDisposition?.FileName));
        Assert.Equal(Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(folder, file)).Order(), files.Keys.Order());
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(folder, file.Key)), file.Value));
        Assert.Contains(files, file => file.Key.EndsWith(".mp4", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"name":""}""", "name")]
    [InlineData("""{"name":null}""", "name")]
    [InlineData("{}", "name")]
    [InlineData("""{"name":"../out"}""", "name")]
    [InlineData("""{"name":".."}""", "name")]
    [InlineData("""{"name":".hidden"}""", "name")]
    [InlineData("""{"name":"a/b"}""", "name")]
    [InlineData("""{"name":"a\\b"}""", "name")]
    [InlineData("""{"name":"/etc"}""", "name")]
    [InlineData("""{"name":"a\u0000"}""", "name")]
    [InlineData("""{"name":"hérz"}""", "name")]
    [InlineData("""{"name":"LONG"}""", "name")]
    [InlineData("""{"name":"a","formats":["zip"]}""", "webdataset")]
    [InlineData("""{"name":"a","formats":[]}""", "webdataset")]
    [InlineData("""{"name":"a","formats":[null]}""", "webdataset")]
    [InlineData("""{"name":"a","folder":"/tmp"}""", "folder")]
    public async Task An_export_that_cannot_be_is_refused_and_writes_nothing(string body, string names)
    {
        var api = host.Api;

        Assert.Contains(names, await api.ProblemAsync(HttpStatusCode.BadRequest, HttpMethod.Post, "/api/exports", body.Replace("LONG", new string('x', 81), StringComparison.Ordinal)));
        Assert.Empty(await api.GetAsync<IReadOnlyList<ExportView>>("/api/exports"));
        Assert.Empty(await api.GetAsync<IReadOnlyList<Operation>>("/api/operations"));
    }

    [Fact]
    public async Task An_export_of_an_unknown_job_is_404() =>
        Assert.Contains("999", await host.Api.ProblemAsync(HttpStatusCode.NotFound, HttpMethod.Post, "/api/exports", new ExportRequest("a", Job: 999)));

    [Theory]
    [InlineData("none")]
    [InlineData("..")]
    [InlineData("%2e%2e")]
    [InlineData("..%2f..%2fkeys")]
    [InlineData("-")]
    [InlineData(".hidden")]
    public async Task An_archive_of_what_is_no_export_is_404(string name) =>
        Assert.NotEmpty(await host.Api.ProblemAsync(HttpStatusCode.NotFound, $"/api/exports/{name}/archive"));

    [Fact]
    public async Task An_export_that_fails_says_why_in_its_operation()
    {
        await using var api = await ApiHost.StartAsync();
        var folder = Directory.CreateDirectory(Path.Combine(api.Host.Data.Root, "exports", "mine")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "letter.txt"), "not an export");
        var ended = await ExportAsync(api, new ExportRequest("mine", Overwrite: true));

        Assert.Equal("failed", ended.State);
        Assert.Contains("mine", ended.Error);
        Assert.True(File.Exists(Path.Combine(folder, "letter.txt")));
    }

    private static async Task<Operation> ExportAsync(ApiHost api, ExportRequest request)
    {
        using var answer = await api.SendAsync(HttpMethod.Post, "/api/exports", request);
        var operation = JsonSerializer.Deserialize<Operation>(await answer.Content.ReadAsStringAsync(), ApiHost.Json)!;
        Assert.Equal((HttpStatusCode.Accepted, $"/api/operations/{operation.Id}"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
        return await api.EndOfAsync(operation);
    }
}
