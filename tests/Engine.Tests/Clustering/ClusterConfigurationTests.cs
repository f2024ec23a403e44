using MedGenCluster.Engine.Clustering;
using MedGenCluster.Engine.Tests.Support;

namespace MedGenCluster.Engine.Tests.Clustering;

public sealed class ClusterConfigurationTests
{
    private readonly Dictionary<string, string> _options = [];
    private readonly Dictionary<string, string> _variables = [];

    [Fact]
    public void Nothing_given_is_a_silo_of_this_machine_with_all_roles() => Assert.Equal(new ClusterSettings(), Read());

    [Fact]
    public void An_option_stands_before_its_variable()
    {
        _variables["MEDGEN_SILO_PORT"] = "1";
        _variables["MEDGEN_GATEWAY_PORT"] = "2";
        _options["silo-port"] = "3";

        Assert.Equal((3, 2), (Read().SiloPort, Read().GatewayPort));
    }

    [Fact]
    public void All_that_is_wrong_is_said_at_once()
    {
        _options["silo-port"] = "70000";
        _options["role"] = "tpu";
        _options["shards"] = "3";
        _options["gpu-memory"] = "much";
        _options["advertised-address"] = "here";
        _variables["MEDGEN_CLUSTERING"] = "postgres";
        _options["postgres-file"] = "/nowhere/at/all";
        _options["media-container"] = "media";

        var error = Assert.Throws<ClusterException>(() => Read());

        Assert.All(
            ["--silo-port (or MEDGEN_SILO_PORT) is '70000'", "'tpu'; it must be cpu or gpu or all", "3; it must be a power of two", "'much'; it must be a size", "'here'; it must be an IP address", "/nowhere/at/all", "MEDGEN_AZURE_STORAGE"],
            part => Assert.Contains(part, error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void A_secret_comes_from_its_file_before_its_variable()
    {
        using var folder = new TemporaryFolder();
        var path = System.IO.Path.Combine(folder.Path, "secret");
        File.WriteAllText(path, " Host=file \n");
        _variables["MEDGEN_POSTGRES"] = "Host=variable";
        Assert.Equal("Host=variable", Read().Postgres);

        _variables["MEDGEN_POSTGRES_FILE"] = path;
        Assert.Equal("Host=file", Read().Postgres);
    }

    [Theory]
    [InlineData("80GiB", 80L << 30)]
    [InlineData("24000MiB", 24000L << 20)]
    [InlineData("1.5 TiB", 3L << 39)]
    [InlineData("1048576", 1L << 20)]
    public void Memory_is_given_with_its_unit(string text, long bytes)
    {
        _options["gpu-memory"] = text;

        Assert.Equal(bytes, Read().GpuMemory);
    }

    [Fact]
    public void An_engine_that_is_neither_is_refused()
    {
        Assert.False(ClusterConfiguration.IsOrleans(_options.GetValueOrDefault, _variables.GetValueOrDefault));
        _variables["MEDGEN_ENGINE"] = "orleans";
        Assert.True(ClusterConfiguration.IsOrleans(_options.GetValueOrDefault, _variables.GetValueOrDefault));
        _options["engine"] = "other";
        Assert.Throws<ClusterException>(() => ClusterConfiguration.IsOrleans(_options.GetValueOrDefault, _variables.GetValueOrDefault));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(64)]
    public void Shards_cut_the_slots_without_a_gap(int shards)
    {
        var slots = Enumerable.Range(0, shards).Select(shard => ShardSlots.Of(shard, shards)).ToList();

        Assert.Equal((0, ShardSlots.Count), (slots[0].First, slots[^1].End));
        Assert.All(slots.Zip(slots.Skip(1)), pair => Assert.Equal(pair.First.End, pair.Second.First));
    }

    private ClusterSettings Read() => ClusterConfiguration.Read(_options.GetValueOrDefault, _variables.GetValueOrDefault);
}
