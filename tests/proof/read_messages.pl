#!/usr/bin/perl
# Reads messages with MIME-tools, the parser under MIMEDefang and amavis, and says what it saw.
# Standard input: for each message its length on a line, then its bytes. Standard output: a line of
# JSON for each. Octets are in Base64, so that none is changed on the way.
use strict;
use warnings;
use Encode qw(decode);
use JSON::PP;
use MIME::Base64 qw(encode_base64);
use MIME::Parser;

binmode $_ for (*STDIN, *STDOUT);
$| = 1;
my $json = JSON::PP->new->ascii->canonical;

sub part {
    my ($entity) = @_;
    my $head = $entity->head;
    my %seen = (
        type     => $entity->mime_type,
        charset  => $head->mime_attr('content-type.charset') // '',
        encoding => $head->mime_encoding,
        parts    => [map { part($_) } $entity->parts],
    );
    if (my $body = $entity->bodyhandle) { $seen{bytes} = encode_base64($body->as_string, '') }
    return \%seen;
}

while (defined(my $length = <STDIN>)) {
    my ($data, $got) = ('', 0);
    while ($got < $length) {
        my $more = read(STDIN, $data, $length - $got, $got) or die "cut short";
        $got += $more;
    }
    my $parser = MIME::Parser->new;
    $parser->output_to_core(1);
    $parser->tmp_to_core(1);
    my $entity = $parser->parse_data($data);
    my @headers;
    for my $name ($entity->head->tags) {
        for my $raw ($entity->head->get_all($name)) {
            my $value = $raw =~ s/\r?\n(?=[ \t])//gr =~ s/\r?\n\z//r;
            push @headers, [lc $name, $value, decode('MIME-Header', $value)];
        }
    }
    print $json->encode({
        headers  => \@headers,
        message  => part($entity),
        problems => [$parser->results->errors, $parser->results->warnings],
    }), "\n";
}
