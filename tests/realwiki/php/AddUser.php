<?php
// Makes accounts ready for a test: password, groups, confirmed address and a bot
// password, in one process where the bundled scripts would need three.

use MediaWiki\Auth\AuthManager;
use MediaWiki\MediaWikiServices;
use MediaWiki\User\BotPassword;

class AddUser extends Maintenance {
	public function execute() {
		$account = json_decode( $this->getStdin( Maintenance::STDIN_ALL ), true, 8, JSON_THROW_ON_ERROR );
		$user = $this->user( $account['Name'] );
		$this->setPassword( $user, $account['Password'] );
		$groups = $this->getServiceContainer()->getUserGroupManager();
		foreach ( $account['Groups'] ?? [] as $group ) {
			$groups->addUserToGroup( $user, $group );
		}
		$user->setEmail( $account['Email'] );
		$user->confirmEmail();
		$user->saveSettings();
		$this->addBotPassword( $user, $account );
	}

	private function user( string $name ) {
		$user = MediaWikiServices::getInstance()->getUserFactory()->newFromName( $name, 'creatable' );
		if ( !$user ) {
			$this->fatalError( "'$name' cannot be the name of a user" );
		}
		if ( !$user->isRegistered() ) {
			$status = MediaWikiServices::getInstance()->getAuthManager()
				->autoCreateUser( $user, AuthManager::AUTOCREATE_SOURCE_MAINT, false );
			if ( !$status->isGood() ) {
				$this->fatalError( $status );
			}
		}
		return $user;
	}

	private function setPassword( $user, string $password ) {
		$status = $user->changeAuthenticationData( [
			'username' => $user->getName(), 'password' => $password, 'retype' => $password,
		] );
		if ( !$status->isGood() ) {
			$this->fatalError( $status );
		}
	}

	private function addBotPassword( $user, array $account ) {
		$valid = $this->getServiceContainer()->getGrantsInfo()->getValidGrants();
		$wrong = array_diff( $account['Grants'], $valid );
		if ( $wrong ) {
			$this->fatalError( 'no such grant: ' . implode( ', ', $wrong ) . '; there are ' . implode( ', ', $valid ) );
		}
		$new = BotPassword::newUnsaved( [
			'user' => $user, 'appId' => $account['App'], 'grants' => $account['Grants'],
		] );
		$secret = $this->getServiceContainer()->getPasswordFactory()->newFromPlaintext( $account['BotPassword'] );
		$status = $new->save( 'insert', $secret );
		if ( !$status->isGood() ) {
			$status = $new->save( 'update', $secret );
		}
		if ( !$status->isGood() ) {
			$this->fatalError( $status );
		}
	}
}

$maintClass = AddUser::class;
