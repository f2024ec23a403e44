using System.Net;
using System.Net.Sockets;
using MedGenCluster.Curation.Network;

namespace MedGenCluster.Curation.Tests.Network;

/// <summary>Only public addresses are asked, whatever a URL, a redirect or a name server says.</summary>
public sealed class UrlPolicyTests
{
    private static readonly UrlPolicy Strict = new(new UrlPolicyOptions());

    [Theory]
    [InlineData("http://videos.example.org/a.mp4")]
    [InlineData("https://videos.example.org:8443/a.mp4?x=1")]
    [InlineData("http://93.184.215.14/a.mp4")]
    [InlineData("http://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/a.mp4")]
    public void Public_addresses_may_be_asked(string url) => Assert.Null(Strict.Refuse(new Uri(url)));

    [Theory]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://example.org/a.mp4")]
    [InlineData("gopher://example.org/")]
    [InlineData("data:video/mp4;base64,AAAA")]
    [InlineData("http://user:secret@example.org/a.mp4")]
    [InlineData("http://example.org@127.0.0.1/a.mp4")]
    [InlineData("http://127.1/")]
    [InlineData("http://2130706433/")]
    [InlineData("http://0x7f.0.0.1/")]
    [InlineData("http://0177.0.0.1/")]
    [InlineData("http://169.254.169.254/latest/meta-data")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    public void Other_schemes_users_and_disguised_addresses_are_refused(string url) => Assert.NotNull(Strict.Refuse(new Uri(url)));

    [Theory]
    [InlineData("127.0.0.1", AddressClass.Loopback)]
    [InlineData("127.255.0.9", AddressClass.Loopback)]
    [InlineData("::1", AddressClass.Loopback)]
    [InlineData("::ffff:127.0.0.1", AddressClass.Loopback)]
    [InlineData("10.1.2.3", AddressClass.Private)]
    [InlineData("172.16.0.1", AddressClass.Private)]
    [InlineData("172.31.255.255", AddressClass.Private)]
    [InlineData("172.32.0.1", AddressClass.Public)]
    [InlineData("192.168.1.1", AddressClass.Private)]
    [InlineData("100.64.0.1", AddressClass.Private)]
    [InlineData("100.128.0.1", AddressClass.Public)]
    [InlineData("fd12:3456::1", AddressClass.Private)]
    [InlineData("64:ff9b::a00:1", AddressClass.Private)]
    [InlineData("2002:c0a8:101::1", AddressClass.Private)]
    [InlineData("169.254.169.254", AddressClass.LinkLocal)]
    [InlineData("fe80::1", AddressClass.LinkLocal)]
    [InlineData("::ffff:169.254.169.254", AddressClass.LinkLocal)]
    [InlineData("0.0.0.0", AddressClass.Reserved)]
    [InlineData("::", AddressClass.Reserved)]
    [InlineData("::7f00:1", AddressClass.Reserved)]
    [InlineData("198.18.0.1", AddressClass.Reserved)]
    [InlineData("224.0.0.1", AddressClass.Reserved)]
    [InlineData("255.255.255.255", AddressClass.Reserved)]
    [InlineData("2001:db8::1", AddressClass.Reserved)]
    [InlineData("2001:0:1::1", AddressClass.Reserved)]
    [InlineData("ff02::1", AddressClass.Reserved)]
    [InlineData("8.8.8.8", AddressClass.Public)]
    [InlineData("2a00:1450:4001::1", AddressClass.Public)]
    public void Addresses_have_the_class_of_their_network(string address, AddressClass expected) => Assert.Equal(expected, AddressClasses.Of(IPAddress.Parse(address)));

    [Fact]
    public void Options_allow_loopback_and_private_networks_but_never_link_local_ones()
    {
        var open = new UrlPolicy(new UrlPolicyOptions { AllowLoopback = true, AllowPrivate = true });

        Assert.Null(open.Refuse(IPAddress.Loopback));
        Assert.Null(open.Refuse(IPAddress.Parse("10.0.0.1")));
        Assert.NotNull(open.Refuse(IPAddress.Parse("169.254.169.254")));
        Assert.NotNull(new UrlPolicy(new UrlPolicyOptions { AllowPrivate = true }).Refuse(IPAddress.Loopback));
    }

    [Fact]
    public async Task A_name_is_judged_by_what_it_resolves_to_at_each_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var lookups = 0;
        // Public when it is looked at first, private when it counts.
        var rebinding = new UrlPolicy(
            new UrlPolicyOptions { AllowLoopback = true },
            (_, _) => Task.FromResult(lookups++ == 0 ? new[] { IPAddress.Loopback } : [IPAddress.Parse("192.168.0.1")]));

        await using (await rebinding.ConnectAsync(new DnsEndPoint("rebinding.example.org", port), default))
        {
        }

        var error = await Assert.ThrowsAsync<AddressRefusedException>(async () => await rebinding.ConnectAsync(new DnsEndPoint("rebinding.example.org", port), default));
        Assert.Contains("192.168.0.1 is a private address", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_names_addresses_only_those_allowed_are_connected_to()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var mixed = new UrlPolicy(new UrlPolicyOptions { AllowLoopback = true }, (_, _) => Task.FromResult(new[] { IPAddress.Parse("10.0.0.1"), IPAddress.Loopback }));

        await using var stream = await mixed.ConnectAsync(new DnsEndPoint("mixed.example.org", ((IPEndPoint)listener.LocalEndpoint).Port), default);

        Assert.True(stream.CanWrite);
    }
}
