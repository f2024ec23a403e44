using System.Net;
using System.Net.Sockets;

namespace MedGenCluster.Curation.Network;

/// <summary>Where an address leads.</summary>
public enum AddressClass
{
    Public,
    Loopback,
    Private,
    LinkLocal,

    /// <summary>Multicast, documentation, benchmarks, unassigned: nobody serves videos there.</summary>
    Reserved,
}

/// <summary>Classes of addresses by the special-purpose registries of RFC 6890 and its successors.</summary>
public static class AddressClasses
{
    private static readonly (IPNetwork Network, AddressClass Class)[] Special =
    [
        .. Networks(AddressClass.Loopback, "127.0.0.0/8", "::1/128"),
        .. Networks(AddressClass.Private, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7"),
        .. Networks(AddressClass.LinkLocal, "169.254.0.0/16", "fe80::/10", "fec0::/10"),
        .. Networks(
            AddressClass.Reserved,
            "0.0.0.0/8", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
            "2001::/23", "2001:db8::/32", "3fff::/20"),
    ];

    private static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork SixToFour = IPNetwork.Parse("2002::/16");

    private static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>The class of an address; IPv6 forms that carry an IPv4 address have the class of that.</summary>
    public static AddressClass Of(IPAddress address)
    {
        if (address.AddressFamily is not (AddressFamily.InterNetwork or AddressFamily.InterNetworkV6))
        {
            return AddressClass.Reserved;
        }

        address = Carried(address) ?? address;
        foreach (var (network, of) in Special)
        {
            if (network.Contains(address))
            {
                return of;
            }
        }

        return address.AddressFamily == AddressFamily.InterNetwork || GlobalUnicast.Contains(address) ? AddressClass.Public : AddressClass.Reserved;
    }

    private static IPAddress? Carried(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return null;
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4();
        }

        var bytes = address.GetAddressBytes();
        if (Translated.Contains(address))
        {
            return new IPAddress(bytes.AsSpan(12, 4));
        }

        return SixToFour.Contains(address) ? new IPAddress(bytes.AsSpan(2, 4)) : null;
    }

    private static IEnumerable<(IPNetwork Network, AddressClass Class)> Networks(AddressClass of, params string[] networks) =>
        networks.Select(network => (IPNetwork.Parse(network), of));
}
